const isKnownToIntl = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** An IANA zone; abbreviations such as EST, which Intl also takes, have no daylight saving. */
export const isTimeZone = (zone: string): boolean =>
  zone === 'UTC' || (zone.includes('/') && isKnownToIntl(zone));
