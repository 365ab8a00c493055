/** The modules of the reconnect machine, from its sources or compiled. */
export interface ReconnectMachine {
  readonly stepReconnect: unknown;
  readonly stateDeadlines: unknown;
  readonly defaultTiming: unknown;
  readonly shownState: unknown;
}

export declare function drawReconnectMachine(machine: ReconnectMachine): Promise<string>;

export declare function withDrawing(page: string, drawing: string): string;
