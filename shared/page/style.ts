/** The page's style sheet. Colours are variables, so that both themes are one list each. */

const LIGHT = `
--paper:#fbfaf7;--card:#ffffff;--ink:#1b2226;--soft:#566068;--rule:#e3dfd6;
--line:#0b5d63;--edge:#4d8381;--band:#d3e5e2;--out:#a8381f;--in:#25693f;--below:#f6e6df;
--warn:#7a4d00;--warn-tint:#fbf0d9;--grave:#992a17;--grave-tint:#fae4de;--link:#0b5d63;`;

const DARK = `
--paper:#12171a;--card:#1a2125;--ink:#ebe8e1;--soft:#a5aeb5;--rule:#2c353a;
--line:#7fd3d1;--edge:#558f8f;--band:#1f4043;--out:#ff9d85;--in:#83d29e;--below:#33211d;
--warn:#ecc06a;--warn-tint:#30270f;--grave:#ffa08d;--grave-tint:#3a1d17;--link:#7fd3d1;`;

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,footer{max-width:62rem;margin:0 auto;padding:0 1rem}
.n,time{font-variant-numeric:tabular-nums}
p .n,li .n{white-space:nowrap}
p,ul,ol,dl,figure{margin:0}
a{color:var(--link)}
small,.aside,figcaption,caption,.error{font-size:.875rem;color:var(--soft)}
h2{font-size:1.25rem;line-height:1.3;font-weight:600;letter-spacing:-.01em;margin:0 0 .9rem}
main>section,footer>section{border-top:1px solid var(--rule);margin-top:2.75rem;padding-top:1.75rem}
abbr{text-decoration:none}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.lead{font-size:1.0625rem}
section ul{padding-left:1.15rem;display:grid;gap:.4rem;max-width:46rem}
.lead+ul,p+ul{margin-top:.6rem}
main>section>p+p{margin-top:.6rem}
`;

const HERO = `
header{padding-top:1.5rem}
.top{display:flex;flex-wrap:wrap;gap:.5rem 1rem;justify-content:space-between;align-items:baseline;color:var(--soft)}
.status{font-size:.875rem;font-weight:600;color:var(--line)}
.status::before{content:"";display:inline-block;width:.6em;height:.6em;border-radius:50%;background:currentColor;margin-right:.45em}
.status.grave{color:var(--grave);background:none}
.status.mild{color:var(--warn);background:none}
h1{font:500 clamp(1.6rem,1.15rem + 2.2vw,2.65rem)/1.18 ui-serif,"Iowan Old Style",Charter,"Bitstream Charter",Georgia,"Liberation Serif",serif;
letter-spacing:-.015em;margin:1.4rem 0 .8rem;max-width:24em;text-wrap:balance}
h1 time{white-space:nowrap}
.sub{font-size:1.0625rem;color:var(--soft)}
.sub .n{color:var(--ink)}
.notice{margin-top:1rem;padding:.65rem .9rem;border-left:4px solid;border-radius:0 .4rem .4rem 0}
.notice span{color:var(--ink)}
.mild{background:var(--warn-tint);color:var(--warn)}
.grave{background:var(--grave-tint);color:var(--grave)}
.cards{display:grid;grid-template-columns:repeat(3,1fr);gap:1rem;margin:2rem 0 .9rem}
.card{background:var(--card);border:1px solid var(--rule);border-top:3px solid var(--edge);border-radius:.5rem;padding:1rem 1.15rem 1.1rem}
.card.p5{border-top-color:var(--out)}
.card.p50{border-top-color:var(--line)}
.card h2{font-size:.9375rem;margin:0;color:var(--soft)}
.card abbr{color:var(--ink);font-weight:700;margin-right:.15em}
.card .figure{font-size:1.125rem;line-height:1.2;margin-top:.35rem}
.card .figure .n{font-size:2.4rem;font-weight:600;letter-spacing:-.03em}
.card .figure.none{padding:.6rem 0;color:var(--soft)}
.card .when{font-weight:600}
.card .meaning{margin-top:.5rem;font-size:.9375rem}
.cards+.aside{max-width:46rem}
`;

const TILES = `
.tiles{list-style:none;padding:0;display:grid;grid-template-columns:repeat(5,1fr);gap:1.25rem}
.tiles h3{font-size:.9375rem;font-weight:500;color:var(--soft);margin:0}
.tiles .figure{font-size:clamp(1.15rem,2.4vw,1.75rem);white-space:nowrap;font-weight:600;letter-spacing:-.02em;line-height:1.3}
.tiles .aside{line-height:1.35}
.share{display:block;width:100%;height:4px;margin:.2rem 0 .45rem}
.share .rest{fill:var(--rule)}
.share .part{fill:var(--line)}
.burn,.method{display:grid;grid-template-columns:repeat(auto-fit,minmax(13.5rem,1fr));gap:1rem 1.5rem}
.method{grid-template-columns:repeat(auto-fit,minmax(9rem,1fr))}
dt{font-size:.875rem;color:var(--soft)}
dd{margin:0}
dd small{display:block}
.burn .n{font-size:1.25rem;font-weight:600}
.method .n{font-size:.9375rem}
.method small .n{font-size:inherit}
footer{padding-bottom:3rem}
.reasons{margin-bottom:1.4rem}
`;

const TABLES = `
table{border-collapse:collapse;width:100%;font-size:.9375rem}
caption{text-align:left;padding-bottom:.5rem}
th{text-align:left;font-weight:600;font-size:.875rem;color:var(--soft);vertical-align:bottom}
th,td{padding:.45rem 1rem .45rem 0;border-bottom:1px solid var(--rule)}
td{vertical-align:top}
td small{display:block}
th:last-child,td:last-child{padding-right:0}
th.n,td.n{text-align:right;white-space:nowrap}
.lead+table,p+table,ul+table,table+table{margin-top:1.1rem}
table+.aside{margin-top:.6rem}
.mark{color:var(--warn);background:var(--warn-tint);border-radius:.25rem;padding:0 .4em;font-size:.8125rem}
details{margin-top:.9rem}
details+details{margin-top:.3rem}
summary{cursor:pointer;color:var(--link);width:fit-content;padding:.2rem 0}
summary:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:3px}
details>table,details>p{margin:.6rem 0 1rem}
@media (max-width:640px){
table,tbody,tr,td,caption{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{padding:.55rem 0;border-bottom:1px solid var(--rule)}
th,td{border:0;padding:.1rem 0}
td{display:grid;grid-template-columns:6.5rem 1fr;gap:.75rem}
td::before{content:attr(data-title);color:var(--soft);font-size:.875rem}
th.n,td.n{text-align:left;white-space:normal}
.cards{grid-template-columns:1fr}
.tiles{grid-template-columns:1fr;gap:1rem}
.tiles li{display:grid;grid-template-columns:4.5rem 6.25rem 1fr;column-gap:.5rem;align-items:baseline}
.tiles .figure{font-size:1.25rem}
.tiles .share{grid-column:1/-1;grid-row:2}
.tiles li .aside:last-child{display:none}
}
`;

/** Text keeps its size on the screen, more or less, while the drawing scales: each range of widths has its own size. */
const CHARTS = `
svg.wide,svg.narrow{display:block;width:100%;height:auto;overflow:hidden}
svg.narrow{display:none;font-size:12.5px}
svg.wide{font-size:13px}
svg text{fill:var(--soft);stroke:var(--paper);stroke-width:4px;stroke-linejoin:round;paint-order:stroke;font-variant-numeric:tabular-nums}
figcaption{margin-top:.6rem;max-width:46rem}
.grid line{stroke:var(--rule)}
.axis line,.rail{stroke:var(--rule)}
.below{fill:var(--below)}
.band{fill:var(--band)}
.edge{fill:none;stroke:var(--edge);stroke-width:1.25}
.median{fill:none;stroke:var(--line);stroke-width:2.5;stroke-linejoin:round}
.unsigned{fill:none;stroke:var(--out);stroke-width:1.75;stroke-dasharray:5 4}
.zero{stroke:var(--ink);stroke-width:1.25}
.today line{stroke:var(--soft);stroke-dasharray:2 3}
.today text,.item,.name{fill:var(--ink)}
.item{font-weight:600}
.end{fill:var(--paper);stroke:var(--line);stroke-width:2}
.end.p5{stroke:var(--out)}
.point{fill:var(--line)}
.guide{stroke:var(--soft);stroke-dasharray:1 4;stroke-opacity:.8}
.span{stroke:var(--edge);stroke-width:4;stroke-linecap:round}
.lane-end .span{stroke:var(--out)}
.lane-end .middle{fill:var(--paper);stroke:var(--out);stroke-width:2.5}
.lane line.out{stroke:var(--out);stroke-width:2}
.lane line.in{stroke:var(--in);stroke-width:2}
.lane path.out{fill:var(--out)}
.lane path.in{fill:var(--in)}
@media (max-width:900px){svg.wide{font-size:16px}}
@media (max-width:640px){svg.wide{display:none}svg.narrow{display:block}}
@media (min-width:480px) and (max-width:640px){svg.narrow{font-size:9.5px}}
`;

const PRINT = `
@media print{
body{background:none}
main>section,.card,tr,figure{break-inside:avoid}
svg.wide{display:block}
svg.narrow,summary{display:none}
h1{font-size:22pt}
}
`;

export const STYLE: string = [
  `:root{color-scheme:light dark;${LIGHT}}`,
  `@media (prefers-color-scheme:dark){:root{${DARK}}}`,
  `@media print{:root{color-scheme:light;${LIGHT}}}`,
  BASE,
  HERO,
  TILES,
  TABLES,
  CHARTS,
  PRINT,
]
  .join('')
  .replace(/\n/g, '');
