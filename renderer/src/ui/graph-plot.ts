import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { markLevels } from './mark-levels.js';
import type { GraphData, GraphLine, GraphMark, GraphShape } from './graph-data.js';

/** A graph within its box. */
export interface GraphPlot {
  draw(data: GraphData): void;
  /** The box may have another size. */
  fit(): void;
  /** The colours are others. */
  recolour(): void;
  destroy(): void;
}

/** Below what is drawn, and left of it; so wide that the graphs of one view stand in line. */
const axisHeight = 24;
const axisWidth = 48;
const tickHeight = 6;
const glyphSize = 8;

/** Fills `box`. This file is the only one that knows the library, and it is loaded with the first graph. */
export function createPlot(box: HTMLElement, { lines, hasAxes }: GraphShape): GraphPlot {
  let shown: GraphData = { from: 0, to: 1, top: 1, times: [], values: [], marks: [] };
  const style = getComputedStyle(box);
  const colour = (name: string): string => style.getPropertyValue(name);
  const size = () => ({ width: box.clientWidth, height: box.clientHeight });
  const axis = {
    ...{ show: hasAxes, font: `11px ${style.fontFamily}`, gap: 6 },
    stroke: () => colour('--graph-text'),
    grid: { stroke: () => colour('--graph-grid'), width: 1 },
    ticks: { show: false },
  };
  const plot = new uPlot(
    {
      ...size(),
      // A line at its greatest, or at zero, is drawn whole.
      ...(!hasAxes && { padding: [2, 0, 2, 0] }),
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false, range: () => [shown.from, shown.to] },
        y: { range: () => [0, shown.top] },
      },
      axes: [
        {
          ...{ ...axis, size: axisHeight },
          splits: () => [...(shown.axes?.ticks ?? [])],
          values: (_, ticks) => ticks.map((time) => shown.axes?.timeText(time) ?? ''),
        },
        {
          ...{ ...axis, size: axisWidth },
          splits: () => [0, shown.top / 2, shown.top],
          values: (_, ticks) => ticks.map((value) => shown.axes?.valueText(value) ?? ''),
        },
      ],
      series: [{}, ...lines.map((line) => seriesOf(line, colour))],
      hooks: { draw: [(self) => drawMarks(self, shown.marks, colour)] },
    },
    [[], ...lines.map(() => [])],
    box,
  );
  return {
    draw: (data) => {
      shown = data;
      plot.batch(() => {
        plot.setData([[...data.times], ...data.values.map((values) => [...values])], false);
        plot.setScale('x', { min: data.from, max: data.to });
      });
    },
    fit: () => {
      const { width, height } = size();
      if (width !== plot.width || height !== plot.height) plot.setSize({ width, height });
    },
    recolour: () => plot.redraw(false),
    destroy: () => plot.destroy(),
  };
}

const seriesOf = (
  { colour: name, dash = [], kind, width = 2 }: GraphLine,
  colour: (name: string) => string,
): uPlot.Series => ({
  ...{ stroke: () => colour(name), width, dash: [...dash] },
  ...(kind === 'steps' && uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
  points: { show: false },
  // What is not known is not drawn, and neither is a way across it.
  spanGaps: false,
});

/** In the pixels of the screen, as the library has set up its canvas. */
function drawMarks(
  plot: uPlot,
  marks: readonly GraphMark[],
  colour: (name: string) => string,
): void {
  const { ctx: context, bbox: area } = plot;
  const bottom = area.top + area.height;
  const glyph = glyphSize * uPlot.pxRatio;
  const placeOf = ({ time }: GraphMark): number => Math.round(plot.valToPos(time, 'x', true));
  const triangles = marks.filter(({ kind }) => kind !== 'tick');
  const levels = markLevels(triangles.map(placeOf), {
    width: glyph,
    most: Math.floor(area.height / glyph),
  });
  const levelOf = new Map(triangles.map((mark, index) => [mark, levels[index] ?? 0]));
  context.save();
  for (const mark of marks) {
    const { kind, colour: name } = mark;
    const x = placeOf(mark);
    context.fillStyle = context.strokeStyle = colour(name);
    if (kind === 'tick') {
      const width = 2 * uPlot.pxRatio;
      context.fillRect(x - width / 2, bottom, width, -tickHeight * uPlot.pxRatio);
      continue;
    }
    context.lineWidth = uPlot.pxRatio;
    context.setLineDash([2 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
    context.beginPath();
    context.moveTo(x, area.top);
    context.lineTo(x, bottom);
    context.stroke();
    const y = area.top + glyph * (levelOf.get(mark) ?? 0);
    drawTriangle(context, { x, y, isDown: kind === 'down' });
  }
  context.restore();
}

function drawTriangle(
  context: CanvasRenderingContext2D,
  { x, y, isDown }: { readonly x: number; readonly y: number; readonly isDown: boolean },
): void {
  const size = glyphSize * uPlot.pxRatio;
  const [base, tip] = isDown ? [y, y + size] : [y + size, y];
  context.beginPath();
  context.moveTo(x - size / 2, base);
  context.lineTo(x + size / 2, base);
  context.lineTo(x, tip);
  context.fill();
}
