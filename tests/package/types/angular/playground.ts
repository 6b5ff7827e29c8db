import { Component, CUSTOM_ELEMENTS_SCHEMA } from "@angular/core";
import "airalo-balance";

@Component({
  selector: "partner-credit",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <airalo-balance
      proxy-url="/api/balance"
      [label]="'A &amp; B\\'s &quot;{{credit}}&quot; {x} \`\${y}\` \\\\ <é>'"
      variant="compact"
      theme="dark"
      locale="pt-BR"
      low-threshold="200"
      critical-threshold="49.50"
      low-days="7"
      critical-days="2"
      credit-limit="1000"
      refresh-interval="300"
    />
  `,
})
export class Credit {}
