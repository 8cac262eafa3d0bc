/**
 * Days and times as people write them.
 */
import { language } from './words.js';

/** English without a country would put the month first. */
const LOCALE = language === 'en' ? 'en-GB' : language;

/**
 * @param {Date} date
 * @returns {string} "22 November 2026"
 */
export function day(date) {
  return date.toLocaleDateString(LOCALE, { dateStyle: 'long' });
}

/**
 * @param {Date} date
 * @returns {string} "22 Nov 2026, 19:10"
 */
export function dayAndTime(date) {
  return date.toLocaleString(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
}
