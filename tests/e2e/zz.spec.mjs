import { openGallery } from "./canned.mjs";
import { expect, test } from "./stack.mjs";
const FONTS = '"Noto Sans", "Noto Sans Arabic", IPAexGothic';
const state="ready,history,few-days,low-history,long";
for (const [name,p,w,media] of [["light",{theme:"light",state},1240,{}],["dark",{theme:"dark",state},1240,{}],["ar",{theme:"light",state,locale:"ar"},1240,{}],["de",{theme:"light",state,locale:"de"},1240,{}],["ja",{theme:"light",state,locale:"ja"},1240,{}],["forced",{theme:"light",state},1240,{forcedColors:"active"}],["w160",{theme:"light",state,width:160,variant:"card,compact"},700,{}],["w320",{theme:"light",state,variant:"card"},320,{}]]) {
  test(`shot ${name}`, async ({page,server})=>{
    await page.setViewportSize({ width: w, height: 900 });
    await page.emulateMedia(media);
    await openGallery(page, server, p);
    await page.waitForTimeout(500);
    await page.evaluate((fonts) => (document.documentElement.style.fontFamily = fonts), FONTS);
    await page.locator(".sheet").screenshot({path:`/tmp/h16/trend/shot-${name}.png`});
    if (name==="light"||name==="ar"||name==="dark") {
      await page.locator("airalo-balance[data-state=history]").first().locator("[part=trend]").click();
      await page.waitForTimeout(200);
      await page.screenshot({path:`/tmp/h16/trend/pop-${name}.png`});
    }
  });
}
