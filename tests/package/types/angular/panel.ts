// Angular knows the events from the types of the element. Properties of a custom element it does not check.

import { Component, CUSTOM_ELEMENTS_SCHEMA } from "@angular/core";
import "airalo-balance";
import type { HeadersSource, Level, Snapshot } from "airalo-balance/types";

@Component({
  selector: "partner-panel",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <airalo-balance
      proxy-url="/api/balance"
      [lowThreshold]="threshold"
      [critical-threshold]="50"
      [attr.refresh-interval]="60"
      [noTopUp]="true"
      [headers]="headers"
      (airalo-balance-ready)="ready($event.detail)"
      (airalo-balance-level)="level($event.detail.level)"
      (airalo-balance-top-up)="$event.preventDefault()"
    >
      USD 225.35
    </airalo-balance>
  `,
})
export class Panel {
  threshold = 200;
  headers: HeadersSource = async () => ({ Authorization: "Bearer 1" });
  ready(snapshot: Snapshot) {
    console.log(snapshot.balances);
  }
  level(level: Level) {
    console.log(level);
  }
}
