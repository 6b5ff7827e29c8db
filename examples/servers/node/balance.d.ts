// The types of balance.js, for a backend in TypeScript.

import type { Request, Response } from "express";

/** Answers the card. */
export function balance(request: Request, response: Response): Promise<void>;

/** Answers with a problem, by a code that the card knows. */
export function refuse(response: Response, code: string, headers?: Record<string, string>): void;
