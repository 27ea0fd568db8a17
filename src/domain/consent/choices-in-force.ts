export type ChoicesInForce = {};
