using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NetGen.Serve.Tests;

/// <summary>A headless Chromium with one page, driven over its DevTools protocol; no package needed.</summary>
internal sealed partial class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome"];

    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();
    private int _calls;
    private string? _page;

    private Browser(Process process, DirectoryInfo profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>The path of an installed Chromium; null if there is none.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    public static async Task<Browser> Open(string program, Uri page)
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("netgen-browser-");
        var start = new ProcessStartInfo(program,
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=800,490", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new Browser(Process.Start(start)!, profile);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Match address;
        do
        {
            string line =
                await browser._process.StandardError.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException($"{program} ended before it listened.");
            address = Listening().Match(line);
        }
        while (!address.Success);
        // What else it says must not fill the pipe.
        _ = browser._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = browser._process.StandardError.ReadToEndAsync(CancellationToken.None);
        await browser._socket.ConnectAsync(new Uri(address.Groups[1].Value), limit.Token);
        JsonElement target = await browser.Call("Target.createTarget", new { url = "about:blank" });
        JsonElement session =
            await browser.Call("Target.attachToTarget", new { targetId = target.GetProperty("targetId").GetString(), flatten = true });
        browser._page = session.GetProperty("sessionId").GetString();
        await browser.Call("Emulation.setDeviceMetricsOverride", new { width = 800, height = 490, deviceScaleFactor = 1, mobile = false });
        await browser.Call("Page.navigate", new { url = page.ToString() });
        await browser.Until("document.readyState === 'complete' && !!document.getElementById('board')");
        return browser;
    }

    /// <summary>The value of an expression in the page, as text.</summary>
    public async Task<string> Evaluate(string expression)
    {
        JsonElement answer = await Call("Runtime.evaluate", new { expression = $"String({expression})", returnByValue = true });
        Assert.False(answer.TryGetProperty("exceptionDetails", out JsonElement exception), exception.ToString());
        return answer.GetProperty("result").GetProperty("value").GetString()!;
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task Until(string condition)
    {
        for (long start = Stopwatch.GetTimestamp(); await Evaluate($"!!({condition})") != "true";)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"Waited in vain for {condition}.");
            await Task.Delay(50);
        }
    }

    public Task Mouse(string type, double x, double y)
        => Call("Input.dispatchMouseEvent", new { type, x, y, button = "left", buttons = 1, clickCount = 1 });

    public async Task<byte[]> Picture()
        => (await Call("Page.captureScreenshot", new { format = "png" })).GetProperty("data").GetBytesFromBase64();

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        // Its children may still be writing.
        for (int attempt = 0; attempt < 20 && _profile.Exists; attempt++)
        {
            try
            {
                _profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                await Task.Delay(100);
            }
            _profile.Refresh();
        }
    }

    private async Task<JsonElement> Call(string method, object parameters)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        int id = ++_calls;
        byte[] message = _page is null
            ? JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters })
            : JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters, sessionId = _page });
        await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        var buffer = new byte[1 << 16];
        while (true)
        {
            using var text = new MemoryStream();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
                text.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            JsonElement answer = JsonDocument.Parse(Encoding.UTF8.GetString(text.ToArray())).RootElement;
            // Events come in between.
            if (!answer.TryGetProperty("id", out JsonElement answered) || answered.GetInt32() != id)
                continue;
            Assert.False(answer.TryGetProperty("error", out JsonElement error), $"{method}: {error}");
            return answer.GetProperty("result");
        }
    }

    [GeneratedRegex(@"DevTools listening on (ws://\S+)")]
    private static partial Regex Listening();
}
