/** The one message that a preload sends to the main process: here are my two ports, procedures first. */
export const connectChannel = 'tallylight:connect';
