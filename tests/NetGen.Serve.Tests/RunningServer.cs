using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using NetGen.Samples.Serve;

namespace NetGen.Serve.Tests;

/// <summary>The sample's server with the parameters that come with it, in this process, on a free port of the loopback interface.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private WebApplication? _app;

    public static string Model { get; } = Path.Combine(AppContext.BaseDirectory, "digits.safetensors");

    public DigitNet Network { get; } = DigitNet.Load(Model);

    public Uri Address => new(_app!.Urls.Single());

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _app = DigitServer.Create("http://127.0.0.1:0", options => options.Model = Model);
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = Address };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
    }

    /// <summary>Sends an image as bytes and gives the ten probabilities.</summary>
    public async Task<float[]> Predict(byte[] pixels)
    {
        using var content = new ByteArrayContent(pixels);
        content.Headers.ContentType = new("application/octet-stream");
        using HttpResponseMessage response = await Client.PostAsync("/predict", content);
        response.EnsureSuccessStatusCode();
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        float[] probabilities = [.. answer.GetProperty("probabilities").EnumerateArray().Select(p => p.GetSingle())];
        Assert.Equal(probabilities.AsSpan().IndexOf(probabilities.Max()), answer.GetProperty("digit").GetInt32());
        return probabilities;
    }
}
