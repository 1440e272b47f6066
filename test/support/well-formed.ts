import { SaxesParser } from 'saxes';

/** Names of the elements and of their attributes, in their order. @throws where markup is not well-formed. */
export const namesIn = (markup: string): readonly string[] => {
  const names: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    names.push(name, ...Object.keys(attributes));
  });
  parser.write(markup).close();
  return names;
};
