import { Component, signal } from "@angular/core";
import type { Level } from "airalo-balance/types";
import { Credit } from "./credit";

@Component({
  selector: "partner-panel",
  imports: [Credit],
  template: `
    <h1>Orders</h1>
    <p>
      <button (click)="low.set(500)">Warn earlier</button>
      <button (click)="isShown.set(!isShown())">{{ isShown() ? "Hide" : "Show" }}</button>
      Level: <output>{{ level() }}</output>
    </p>
    @if (isShown()) {
      <partner-credit [low]="low()" (level)="level.set($event)" />
    }
  `,
})
export class Panel {
  readonly low = signal(100);
  readonly level = signal<Level>("ok");
  readonly isShown = signal(true);
}
