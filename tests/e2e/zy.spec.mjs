import { expect, test } from "./stack.mjs";
import { readFileSync } from "node:fs";
const month=readFileSync(new URL("../../contract/history-month.json",import.meta.url),"utf8");
for (const [name,w,q,media] of [["light",1240,"",{}],["dark",1240,"",{colorScheme:"dark"}],["ar",1240,"?locale=ar",{}],["320",320,"",{}],["forced",700,"",{forcedColors:"active"}]]) {
  test(`page ${name}`, async ({page,server})=>{
    await page.route(/api.balance.history/, (r)=> r.request().url().includes("csv") ? r.fulfill({contentType:"text/csv; charset=utf-8",body:"a"}) : r.fulfill({json:JSON.parse(month)}));
    await page.setViewportSize({ width: w, height: 900 });
    await page.emulateMedia(media);
    await page.goto(`${server.url}history.html${q}`);
    await expect(page.locator(".chart").first()).toBeVisible();
    await page.evaluate(() => (document.documentElement.style.fontFamily = '"Noto Sans", "Noto Sans Arabic"'));
    await page.screenshot({path:`/tmp/h16/trend/page-${name}.png`,fullPage:true});
  });
}
