import { Component, CUSTOM_ELEMENTS_SCHEMA, input } from "@angular/core";
import "airalo-balance";
import type { Level } from "airalo-balance/types";

@Component({
  selector: "partner-credit",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <airalo-balance
      proxy-url="/api/balance"
      [lowThreshold]="200"
      [headers]="headers"
      (airalo-balance-level)="show($event.detail.level)"
    />
  `,
})
export class Credit {
  token = input.required<string>();
  headers = () => ({ Authorization: `Bearer ${this.token()}` });
  show(level: Level) {
    console.log(level);
  }
}
