import "@angular/compiler";
import { ChangeDetectorRef, Component, CUSTOM_ELEMENTS_SCHEMA, inject } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import "./card.js";

const App = Component({
  selector: "main",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <airalo-balance proxy-url="/api/balance" [low-threshold]="threshold" [noRefresh]="true" [headers]="headers"
      (airalo-balance-level)="show($event.detail.level)" />
    <button (click)="threshold = undefined">Ease</button>
    <output>{{ level }}</output>`,
})(
  class {
    threshold = 300;
    level = "";
    headers = () => ({ "X-Framework": "angular" });
    changes = inject(ChangeDetectorRef);
    show(level) {
      this.level = level;
      this.changes.markForCheck();
    }
  },
);

document.body.append(document.createElement("main"));
bootstrapApplication(App);
