// Saving a chart as a file: SVG, PNG in twice its size, or its values as CSV.

import { csv, type Field } from "../ui/csv";
import { download } from "../ui/download";

const SHARPNESS = 2;
const SVG = "image/svg+xml";

export function saveSvg(title: string, svg: string): void {
  download(`${fileName(title)}.svg`, SVG, svg);
}

export async function savePng(title: string, svg: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([svg], { type: SVG }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width * SHARPNESS, image.height * SHARPNESS);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    download(`${fileName(title)}.png`, "image/png", await canvas.convertToBlob());
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function saveCsv(title: string, rows: Iterable<readonly Field[]>): void {
  download(`${fileName(title)}.csv`, "text/csv;charset=utf-8", csv(rows));
}

function fileName(title: string): string {
  return title.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) || "chart";
}
