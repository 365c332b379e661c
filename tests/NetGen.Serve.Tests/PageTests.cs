using System.Globalization;

namespace NetGen.Serve.Tests;

/// <summary>The page in a headless Chromium: draw with the mouse, read the answer. Skipped where none is installed.</summary>
public sealed class PageTests(RunningServer server) : IClassFixture<RunningServer>
{
    [SkippableFact]
    public async Task A_digit_drawn_with_the_mouse_is_recognised()
    {
        string? program = Browser.Find();
        Skip.If(program is null, "No Chromium is installed.");
        await using Browser browser = await Browser.Open(program!, server.Address);
        double left =
            double.Parse(await browser.Evaluate("document.getElementById('board').getBoundingClientRect().left"),
            CultureInfo.InvariantCulture);
        double top =
            double.Parse(await browser.Evaluate("document.getElementById('board').getBoundingClientRect().top"),
            CultureInfo.InvariantCulture);

        foreach (int digit in new[] { 7, 0, 3 })
        {
            await browser.Evaluate("document.getElementById('clear').click()");
            Assert.Equal("", await browser.Evaluate("document.getElementById('answer').textContent"));
            foreach ((double X, double Y)[] stroke in Drawing.Strokes(digit))
            {
                await browser.Mouse("mousePressed", left + 280 * stroke[0].X, top + 280 * stroke[0].Y);
                foreach ((double x, double y) in stroke.Skip(1))
                    await browser.Mouse("mouseMoved", left + 280 * x, top + 280 * y);
                await browser.Mouse("mouseReleased", left + 280 * stroke[^1].X, top + 280 * stroke[^1].Y);
            }
            await browser.Until($"document.getElementById('answer').textContent === '{digit.ToString(CultureInfo.InvariantCulture)}' "
                + $"&& !waiting");
            Assert.Equal("", await browser.Evaluate("document.getElementById('note').textContent"));
            Assert.Equal("10", await browser.Evaluate("document.querySelectorAll('#bars .row').length"));
        }
        await Task.Delay(300);
        byte[] picture = await browser.Picture();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture.Take(4));
        // For the documentation: NETGEN_PAGE_PICTURE=docs/images/serve.png dotnet test …
        if (Environment.GetEnvironmentVariable("NETGEN_PAGE_PICTURE") is { Length: > 0 } path)
            await File.WriteAllBytesAsync(path, picture);
    }
}
