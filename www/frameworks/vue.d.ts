// <airalo-balance> in the templates of Vue.

import type { HTMLAttributes, PublicProps } from "vue";
import type { AiraloBalanceElement } from "../element/element.js";
import type { AiraloBalanceEventMap, CardAttributes, RichProperties } from "../element/types.js";

type PascalCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${Capitalize<First>}${PascalCase<Rest>}`
  : Capitalize<Name>;

type CamelCase<Name extends string> = Uncapitalize<PascalCase<Name>>;

/** Vue knows attributes and events in camel case. */
type Attributes = { [Name in keyof CardAttributes as CamelCase<Name>]: CardAttributes[Name] };
type Listeners = {
  [Name in keyof AiraloBalanceEventMap as `on${PascalCase<Name>}`]?: (event: AiraloBalanceEventMap[Name]) => void;
};

declare module "vue" {
  interface GlobalComponents {
    "airalo-balance": new () => AiraloBalanceElement & {
      $props: Omit<HTMLAttributes, keyof Attributes> & Attributes & RichProperties & Listeners & PublicProps;
    };
  }
}
