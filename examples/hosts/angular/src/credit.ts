import { Component, CUSTOM_ELEMENTS_SCHEMA, input, output } from "@angular/core";
import "airalo-balance";
import type { Level } from "airalo-balance/types";

@Component({
  selector: "partner-credit",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <airalo-balance
      proxy-url="/api/balance"
      [lowThreshold]="low()"
      (airalo-balance-level)="level.emit($event.detail.level)"
    />
  `,
})
export class Credit {
  readonly low = input.required<number>();
  readonly level = output<Level>();
}
