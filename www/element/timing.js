// Waiting for a while, or for a frame.

/** A background tab paints no frames; nothing waits longer than this for one. In milliseconds. */
export const LONGEST_FRAME = 100;

/**
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
export const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Resolves when the browser has painted the DOM as it is now.
 *
 * @returns {Promise<void>}
 */
export const nextPaint = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, LONGEST_FRAME);
  });
