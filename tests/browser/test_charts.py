"""Charts in a real browser: a point told by keyboard, and a picture in the page's own colours, under the page's content policy."""

import re

from playwright.async_api import Page, expect

CORNER = """async ([bytes]) => {
  const image = await createImageBitmap(new Blob([Uint8Array.from(bytes)], {type: "image/png"}));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const seen = new Set();
  const {data} = pen.getImageData(0, 0, image.width, image.height);
  for (let at = 0; at < data.length; at += 4) seen.add(`rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`);
  return {width: image.width, corner: `rgb(${data[0]}, ${data[1]}, ${data[2]})`, seen: [...seen]};
}"""


async def saved(page: Page, tmp_path, chart: str) -> bytes:
    async with page.expect_download() as coming:
        await page.locator(f"#{chart} [data-picture]").click()
    download = await coming.value
    assert download.suggested_filename == f"{chart}.png"
    place = tmp_path / "chart.png"
    await download.save_as(place)
    found: bytes = place.read_bytes()
    return found


async def test_a_chart_is_told_point_by_point_and_saved_as_it_looks(site, new_page, tmp_path):
    page = await new_page(color_scheme="dark", viewport={"width": 1280, "height": 900})
    await site.sign_in(page.context, "ana", theme="dark")
    await page.goto(f"{site.url}/styleguide")
    slider = page.locator("#chart-lines .along")
    await slider.focus()
    await expect(page.locator("#chart-lines .tip")).to_contain_text("Orders 44 · Tickets 28")
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator("#chart-lines .tip")).to_contain_text("Orders 58 · Tickets 21")
    await expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^\w.*: Orders 58 · Tickets 21$"))
    picture = list(await saved(page, tmp_path, "chart-lines"))
    look = await page.evaluate(CORNER, [picture])
    chart = page.locator("#chart-lines")
    box = await chart.bounding_box()
    assert box is not None
    assert abs(look["width"] - 2 * (box["width"] + 32)) <= 2
    colours = "(one) => [getComputedStyle(document.body).backgroundColor, getComputedStyle(one).stroke]"
    ground, stroke = await chart.locator(".bars .stroke-1").first.evaluate(colours)
    assert look["corner"] == ground
    assert stroke in look["seen"]
