// https://tc39.es/ecma402/#intl-object
// Intrinsics that depend on the default time zone, captured before page code. (Temporal does not exist yet while the snapshot is built.)

import { uncurryThis } from '../primordials.js';

export const NativeIntl = globalThis.Intl;
export const NativeDateTimeFormat = NativeIntl.DateTimeFormat;
export const dateTimeFormatParts = uncurryThis(NativeDateTimeFormat.prototype.formatToParts);
export const dateTimeFormatResolved = uncurryThis(NativeDateTimeFormat.prototype.resolvedOptions);
