/**
 * What of a run can be taken along: its history as a table, its curves as a picture.
 */
import { historyCsv } from '../../lib/history-csv.js';
import { fileName, saveFile, savePicture } from '../../lib/save-picture.js';
import { t } from '../../lib/words.js';
import { drawCurves } from './drawing.js';

/** @import {Palette} from '../../palette.js' */
/** @import {PictureFormat} from '../../lib/save-picture.js' */
/** @import {PageState} from '../../store.js' */
/** @import {LineChart} from './lines.js' */

/**
 * @param {PictureFormat | 'csv'} format
 * @param {PageState} state
 * @param {LineChart} chart - that is drawn
 * @param {boolean} isLog
 * @param {Palette} palette
 */
export async function saveHistory(format, state, chart, isLog, palette) {
  const { history, experiment } = state;
  const regression = experiment?.problem === 'regression';
  const label = experiment?.data_label ?? '';
  const epoch = t('epoch {epoch}', { epoch: String(history.epoch.at(-1) ?? 0) });
  if (format === 'csv') {
    const table = new Blob([historyCsv(history, regression)], { type: 'text/csv' });
    saveFile(table, `${fileName(label, t('history'), epoch)}.csv`);
  } else {
    const drawing = drawCurves(state, chart, isLog, palette);
    await savePicture(drawing, format, fileName(label, chart.name, epoch));
  }
}
