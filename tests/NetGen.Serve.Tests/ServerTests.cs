using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using NetGen.Samples.Serve;
using NetGen.Serving;

namespace NetGen.Serve.Tests;

/// <summary>samples/06-Serve over HTTP.</summary>
public sealed class ServerTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    [InlineData(5), InlineData(6), InlineData(7), InlineData(8), InlineData(9)]
    public async Task Drawn_digits_are_recognised(int digit)
    {
        float[] probabilities = await server.Predict(Drawing.Digit(digit));
        Assert.Equal(10, probabilities.Length);
        Assert.Equal(1, probabilities.Sum(), 1e-5);
        Assert.Equal(digit, probabilities.AsSpan().IndexOf(probabilities.Max()));
        Assert.InRange(probabilities[digit], 0.5f, 1);
    }

    [Fact]
    public async Task Numbers_in_json_give_the_same_answer_as_bytes()
    {
        byte[] pixels = Drawing.Digit(3);
        float[] expected = await server.Predict(pixels);
        string json = $"{{\"who\": {{\"pixels\": [1]}}, \"pixels\": [{string.Join(", ", pixels)}]}}";
        using HttpResponseMessage response = await PostJson(json);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(3, answer.GetProperty("digit").GetInt32());
        float[] probabilities = [.. answer.GetProperty("probabilities").EnumerateArray().Select(p => p.GetSingle())];
        for (int i = 0; i < 10; i++)
            Assert.Equal(expected[i], probabilities[i], 1e-5);
    }

    public static TheoryData<string, string> Complaints => new()
    {
        { "", "The body is no JSON" },
        { "{", "The body is no JSON" },
        { "[1, 2]", "Expected an object" },
        { "{}", "\"pixels\" is missing" },
        { "{\"pixels\": 3}", "must be a list of 784 numbers" },
        { "{\"pixels\": []}", "has 0 numbers, but must have 784" },
        { $"{{\"pixels\": [{Many(783, "1")}]}}", "has 783 numbers, but must have 784" },
        { $"{{\"pixels\": [{Many(785, "1")}]}}", "has 785 numbers, but must have 784" },
        { $"{{\"pixels\": [{Many(783, "1")}, 256]}}", "\"pixels\"[783] is 256, but must be from 0 to 255" },
        { $"{{\"pixels\": [-0.5, {Many(783, "1")}]}}", "\"pixels\"[0] is -0.5, but must be from 0 to 255" },
        { $"{{\"pixels\": [1e999, {Many(783, "1")}]}}", "\"pixels\"[0]" },
        { $"{{\"pixels\": [\"1\", {Many(783, "1")}]}}", "\"pixels\"[0] is no number" },
        { $"{{\"pixels\": [{Many(784, "1")}], \"pixels\": [{Many(784, "1")}]}}", "given twice" },
        { $"{{\"pixels\": [{Many(784, "1")}]}} x", "The body is no JSON" },
    };

    [Theory]
    [MemberData(nameof(Complaints))]
    public async Task What_is_wrong_with_an_image_is_said(string json, string part)
    {
        using HttpResponseMessage response = await PostJson(json);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(part, await Error(response), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(783)]
    [InlineData(785)]
    public async Task A_wrong_number_of_bytes_is_said(int count)
    {
        using var content = new ByteArrayContent(new byte[count]);
        content.Headers.ContentType = new("application/octet-stream");
        using HttpResponseMessage response = await server.Client.PostAsync("/predict", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal($"Expected 784 bytes (28 rows of 28 pixels), but {count.ToString(CultureInfo.InvariantCulture)} arrived.",
            await Error(response));
    }

    [Fact]
    public async Task A_body_of_another_type_or_too_large_is_refused()
    {
        using var text = new StringContent("7");
        using HttpResponseMessage ofText = await server.Client.PostAsync("/predict", text);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, ofText.StatusCode);
        Assert.Contains("application/json", await Error(ofText), StringComparison.Ordinal);

        using HttpResponseMessage large = await PostJson($"{{\"pixels\": [{Many(40_000, "1")}]}}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);

        // And the server goes on.
        Assert.Equal(10, (await server.Predict(Drawing.Digit(1))).Length);
    }

    [Fact]
    public async Task Health_says_what_runs()
    {
        JsonElement health = await server.Client.GetFromJsonAsync<JsonElement>("/health");
        Assert.Equal("ready", health.GetProperty("status").GetString());
        Assert.Equal(DigitNet.ParameterCount, health.GetProperty("parameters").GetInt64());
        Assert.Equal(0, health.GetProperty("waiting").GetInt32());
        Assert.Equal(JsonValueKind.Null, health.GetProperty("problem").ValueKind);
        Assert.Contains("Conv1", health.GetProperty("schedule").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_requests_at_a_time_get_their_own_answers()
    {
        byte[][] images = [.. Enumerable.Range(0, 10).Select(Drawing.Digit)];
        float[][] expected = await Task.WhenAll(images.Select(server.Predict));
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            Assert.Equal(expected[i % 10], await server.Predict(images[i % 10])));
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_requests()
    {
        byte[] image = Drawing.Digit(8);
        await Load(500);
        long before = GC.GetTotalMemory(forceFullCollection: true), sessions = await Sessions();
        await Load(4000);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        // A leak of a single answer for each request would be some hundred bytes times 4000.
        Assert.InRange(after - before, long.MinValue, 500_000);
        Assert.InRange(await Sessions(), sessions, sessions + 16);

        Task Load(int requests)
            => Parallel.ForEachAsync(Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (_, _) => await server.Predict(image));
    }

    [Fact]
    public void Pool_keeps_no_more_sessions_than_it_may()
    {
        using var pool = new SessionPool<DigitNet>(server.Network, maximumRetained: 2);
        float[] pixels = Array.ConvertAll(Drawing.Digit(5), b => b / 255f);
        float[] expected = Forward(pool, pixels);
        Parallel.For(0, 500, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal(expected, Forward(pool, pixels)));
        // An error in a call loses no session.
        long created = pool.Created;
        Assert.Throws<ArgumentException>(() => Forward(pool, new float[3]));
        Assert.Equal(expected, Forward(pool, pixels));
        Assert.Equal(created, pool.Created);

        ISession kept = pool.Get(), alsoKept = pool.Get(), surplus = pool.Get();
        pool.Return(kept);
        pool.Return(alsoKept);
        pool.Return(surplus);
        Assert.Throws<ObjectDisposedException>(() => surplus.Forward(pixels, new float[10]));
        kept.Forward(pixels, new float[10]);
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => kept.Forward(pixels, new float[10]));
    }

    private static float[] Forward(SessionPool<DigitNet> pool, float[] pixels)
    {
        var logits = new float[10];
        ISession session = pool.Get();
        try
        {
            session.Forward(pixels, logits);
        }
        finally
        {
            pool.Return(session);
        }
        return logits;
    }

    private static string Many(int count, string number) => string.Join(",", Enumerable.Repeat(number, count));

    private async Task<long> Sessions()
        => (await server.Client.GetFromJsonAsync<JsonElement>("/health")).GetProperty("sessions").GetInt64();

    private async Task<HttpResponseMessage> PostJson(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await server.Client.PostAsync("/predict", content);
    }

    private static async Task<string?> Error(HttpResponseMessage response)
        => (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString();
}
