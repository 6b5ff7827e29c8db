import { Component, CUSTOM_ELEMENTS_SCHEMA } from "@angular/core";
import "airalo-balance";

@Component({
  selector: "partner-panel",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<airalo-balance proxy-url="/api/balance" (airalo-balance-level)="show($event.detail.code)" />`,
})
export class Panel {
  show(code: string) {
    console.log(code);
  }
}
