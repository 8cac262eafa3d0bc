// Written by `make types` from playground/protocol.py; a test fails while it is stale.

export interface Open {
  seq: number;
  link: string;
  token: string | null;
}

export interface Command {
  seq: number;
  command: Play | Pause | Step | Reset | Change | Load | Pace;
}

export interface Watch {
  measurements: string[];
  pictures_per_second: number;
}

export interface Receipt {
  number: number;
}

export interface Answer {
  seq: number;
  refusal?: Refusal | null;
  notes?: Refusal[];
  token?: string | null;
}

export interface Update {
  experiment?: Experiment | null;
  data?: Data | null;
  state?: State | null;
  history?: Uint8Array | null;
}

export interface Frame {
  number: number;
  revision: number;
  epoch: number;
  step: number;
  epochs_per_second: number;
  parts: Part[];
  payload: Uint8Array;
}

export interface Catalogue {
  settings: SettingDescription[];
  registries: Record<string, EntryDescription[]>;
  paces: number[];
  grid: number;
}

export interface Play {
  type: "play";
}

export interface Pause {
  type: "pause";
}

export interface Step {
  type: "step";
}

export interface Reset {
  type: "reset";
}

export interface Change {
  type: "change";
  changes: Record<string, unknown>;
}

export interface Load {
  type: "load";
  link: string;
}

export interface Pace {
  type: "pace";
  epochs_per_second: number | null;
}

export interface Refusal {
  field: string;
  message: string;
}

export interface Experiment {
  revision: number;
  config: Record<string, unknown>;
  link: string;
  problem: string;
  inputs: Input[];
  layers: number[];
  loss: string;
  output_activation: string;
  parameters: number;
}

export interface Data {
  classes: string[];
  axes: string[];
  domain: number[][];
  value_range: number[];
  slice: string;
  train: Points;
  test: Points;
  input_maps: Uint8Array;
  input_scales: Uint8Array;
}

export interface State {
  playing: boolean;
  epoch: number;
  step: number;
  epochs_per_second: number | null;
  stopped: string;
}

export type Part = [name: string, dtype: "float32" | "uint8", shape: number[]];

export interface SettingDescription {
  name: string;
  label: string;
  help: string;
  kind: string;
  default: unknown;
  starts_over?: boolean;
  number?: ParameterDescription | null;
  registry?: string;
  options?: string[];
  automatic?: string;
  of?: string;
  elsewhere?: string[];
  longest?: number;
}

export interface EntryDescription {
  name: string;
  label: string;
  help: string;
  source: string;
  parameters: ParameterDescription[];
  problem?: string;
  problems?: string[];
  classes?: string[];
  columns?: string[];
  axes?: number[];
  fixed?: boolean;
  thumbnail?: Thumbnail | null;
}

export interface Input {
  feature: string;
  label: string;
}

export interface Points {
  x: Uint8Array;
  y: Uint8Array;
  target: Uint8Array;
}

export interface ParameterDescription {
  name: string;
  label: string;
  help: string;
  default: number;
  minimum: number;
  maximum: number;
  step: number;
  integer: boolean;
  unit: string;
  choices: number[];
}

export interface Thumbnail {
  x: number[];
  y: number[];
  target: number[];
}

export type HistoryRow = [epoch: number, training_loss: number, test_loss: number, training_accuracy: number, test_accuracy: number];
