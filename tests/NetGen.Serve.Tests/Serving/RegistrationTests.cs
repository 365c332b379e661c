using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NetGen.Samples.Serve;
using NetGen.Serving;

namespace NetGen.Serve.Tests.Serving;

/// <summary>Networks in a container: what is registered, what is read, and what is refused at the start.</summary>
public sealed class RegistrationTests
{
    private static readonly float[] s_image = Array.ConvertAll(Drawing.Digit(3), b => b / 255f);

    [Fact]
    public async Task A_host_loads_serves_and_stops()
    {
        using IHost host = Host(services => services.AddNetGen(DigitNet.Load, options => options.Model = RunningServer.Model));
        await host.StartAsync();
        var predictor = host.Services.GetRequiredService<IPredictor<DigitNet>>();
        float[] logits = await predictor.PredictAsync(s_image);
        Assert.Equal(3, logits.AsSpan().IndexOf(logits.Max()));
        Assert.Same(host.Services.GetRequiredService<DigitNet>(), host.Services.GetRequiredService<Predictor<DigitNet>>().Network);

        await host.StopAsync();
        var refused = await Assert.ThrowsAsync<RequestRejectedException>(async () => await predictor.PredictAsync(s_image));
        Assert.Equal(RejectionReason.Stopped, refused.Reason);
    }

    /// <summary>Services that start with the host, and end with it, may ask the network.</summary>
    [Fact]
    public async Task Other_services_are_answered_from_their_start_to_their_end()
    {
        using IHost host = Host(services =>
        {
            // Before the network, so that it starts before it and stops behind it.
            services.AddHostedService<Asking>();
            services.AddNetGen(DigitNet.Load, options => options.Model = RunningServer.Model);
            services.AddSingleton<Answers>();
        });
        await host.StartAsync();
        await host.StopAsync();
        Assert.Equal([3, 3], host.Services.GetRequiredService<Answers>().Digits);
    }

    [Fact]
    public async Task A_container_without_a_host_loads_at_first_use_and_drains_at_its_end()
    {
        var network = new GatedNetwork();
        Task<float[]>[] requests;
        await using (ServiceProvider services =
            new ServiceCollection().AddNetGen(network, options => options.MaxBatch = 4).BuildServiceProvider())
        {
            var predictor = services.GetRequiredService<IPredictor<GatedNetwork>>();
            Assert.Equal(4, predictor.MaxBatch);
            requests = [.. Enumerable.Range(20, 50).Select(i => predictor.PredictAsync(new float[] { i, 0 }).AsTask())];
        }
        Assert.All(requests, request => Assert.True(request.IsCompleted || !request.IsFaulted));
        float[][] answers = await Task.WhenAll(requests);
        Assert.Equal(Enumerable.Range(20, 50).Select(i => new float[] { 2 * i, 0 }), answers);
        Assert.Equal(50, network.Batches.Sum());
    }

    [Fact]
    public async Task Several_networks_and_several_models_of_one_live_side_by_side()
    {
        using var folder = new TemporaryFolder();
        new WordNet(seed: 1).Save(folder["first.safetensors"]);
        new WordNet(seed: 2).Save(folder["second.safetensors"]);
        await using ServiceProvider services = new ServiceCollection()
            .AddNetGen(DigitNet.Load, options => options.Model = RunningServer.Model)
            .AddNetGen("first", WordNet.Load, options => options.Model = folder["first.safetensors"])
            .AddNetGen("second", WordNet.Load, options => (options.Model, options.MaxBatch) = (folder["second.safetensors"], 7))
            .BuildServiceProvider();
        int[] words = [3, 1, 4, 1];
        var first = services.GetRequiredKeyedService<IPredictor<WordNet>>("first");
        var second = services.GetRequiredKeyedService<IPredictor<WordNet>>("second");
        Assert.Equal((32, 7), (first.MaxBatch, second.MaxBatch));
        Assert.Equal(Expected(1), await first.PredictAsync(words));
        Assert.Equal(Expected(2), await second.PredictAsync(words));
        Assert.NotEqual(await first.PredictAsync(words), await second.PredictAsync(words));
        Assert.Equal(10, (await services.GetRequiredService<IPredictor<DigitNet>>().PredictAsync(s_image)).Length);
        Assert.Null(services.GetService<IPredictor<WordNet>>());

        float[] Expected(ulong seed)
        {
            using WordNet.Session session = new WordNet(seed).CreateSession();
            var output = new float[3];
            session.Forward(words, output);
            return output;
        }
    }

    [Fact]
    public void The_same_twice_is_refused()
    {
        IServiceCollection services = new ServiceCollection().AddNetGen(new WordNet());
        Assert.Contains("WordNet is there already", Assert.Throws<InvalidOperationException>(
            () => services.AddNetGen(new WordNet())).Message, StringComparison.Ordinal);
        services.AddNetGen("other", WordNet.Load, _ => { });
        Assert.Contains("other is there already", Assert.Throws<InvalidOperationException>(
            () => services.AddNetGen("other", WordNet.Load, _ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_come_from_the_configuration()
    {
        using var folder = new TemporaryFolder();
        new WordNet(seed: 1).Save(folder["words.safetensors"]);
        // A relative path, from the content root.
        using IHost host = Host(services => services.AddNetGen(WordNet.Load, Configuration(new()
        {
            ["Words:Model"] = "words.safetensors",
            ["Words:MaxBatch"] = "5",
            ["Words:MaxDelay"] = "00:00:00.002",
            ["Words:QueueLimit"] = "9",
            ["Words:Workers"] = "2",
            ["Words:Threads"] = "1",
            ["Words:VectorWidth"] = "vector128",
        }).GetSection("Words")), folder.Path);
        await host.StartAsync();
        var predictor = host.Services.GetRequiredService<Predictor<WordNet>>();
        Assert.Equal((5, 9), (predictor.MaxBatch, predictor.QueueLimit));
        ISession session = host.Services.GetRequiredService<SessionPool<WordNet>>().Get();
        Assert.Equal((VectorWidth.Vector128, 1, 5), (session.VectorWidth, session.Threads, session.MaxBatch));
        session.Dispose();
        Assert.Equal(3, (await predictor.PredictAsync(new[] { 1, 2, 3, 4 })).Length);
        await host.StopAsync();
    }

    public static TheoryData<string, string, string> WrongSettings => new()
    {
        { "MaxBatch", "many", "Words:MaxBatch is 'many'; expected a whole number." },
        { "MaxBatch", "0", "ServingOptions of WordNet: MaxBatch is 0; expected at least 1." },
        { "MaxBatch", "2000", "ServingOptions of WordNet: QueueLimit is 1024; expected at least MaxBatch, 2000, so that a batch can "
            + "fill." },
        { "MaxDelay", "2ms", "Words:MaxDelay is '2ms'; expected a time, such as 00:00:00.002 for 2 ms." },
        { "MaxDelay", "01:00:00", "ServingOptions of WordNet: MaxDelay is 01:00:00; expected from zero to a minute." },
        { "QueueLimit", "-1", "ServingOptions of WordNet: QueueLimit is -1; expected at least MaxBatch, 32, so that a batch can fill." },
        { "Workers", "-1", "ServingOptions of WordNet: Workers is -1; expected at least 1, or 0 for as many as the processors can use." },
        { "Threads", "-2", "ServingOptions of WordNet: Threads is -2; expected at least 1, or 0 for one for each processor." },
        { "VectorWidth", "1024", "ServingOptions of WordNet: VectorWidth is 1024; expected one of Auto, Vector128, Vector256, Vector512." },
        { "VectorWidth", "wide", "Words:VectorWidth is 'wide'; expected one of Auto, Vector128, Vector256, Vector512." },
        { "Model", " ", "ServingOptions of WordNet: Model is empty; expected the path of a safetensors file." },
        { "MaxBatches", "3", "Words:MaxBatches is no option of WordNet; expected some of Model, MaxBatch, MaxDelay, QueueLimit, Workers, "
            + "Threads, VectorWidth." },
    };

    [Theory]
    [MemberData(nameof(WrongSettings))]
    public async Task Wrong_options_end_the_start(string key, string value, string message)
    {
        var settings = new Dictionary<string, string?> { ["Words:Model"] = "words.safetensors", [$"Words:{key}"] = value };
        using IHost host = Host(services => services.AddNetGen(WordNet.Load, Configuration(settings).GetSection("Words")));
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal([message], refused.Failures);
    }

    [Fact]
    public async Task A_missing_or_wrong_model_ends_the_start()
    {
        using var folder = new TemporaryFolder();
        using (IHost host = Host(services => services.AddNetGen(WordNet.Load, options => options.Model = "none.safetensors"), folder.Path))
        {
            var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => host.StartAsync());
            Assert.Equal($"WordNet: there is no model at {folder["none.safetensors"]}, where ServingOptions.Model, 'none.safetensors', "
                + "leads; expected a safetensors file, or a folder with an index.", missing.Message);
        }
        using (IHost host = Host(services => services.AddNetGen(WordNet.Load, options => options.Model = RunningServer.Model)))
        {
            var wrong = await Assert.ThrowsAsync<SafeTensorsException>(() => host.StartAsync());
            Assert.Contains("digits.safetensors", wrong.Message, StringComparison.Ordinal);
        }
        await File.WriteAllTextAsync(folder["text.safetensors"], "no tensors");
        using (IHost host = Host(services => services.AddNetGen(WordNet.Load, options => options.Model = folder["text.safetensors"])))
            await Assert.ThrowsAsync<SafeTensorsException>(() => host.StartAsync());
    }

    [Fact]
    public void A_batch_beyond_an_array_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(
            () => new Predictor<WordNet>(new WordNet(), new() { MaxBatch = 1_000_000_000, QueueLimit = int.MaxValue, Workers = 1 }));
        Assert.Contains("MaxBatch is 1000000000, but so many samples of 'words of ints (4)' exceed what an array holds", refused.Message,
            StringComparison.Ordinal);
    }

    internal static IConfigurationRoot Configuration(Dictionary<string, string?> settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    internal static IHost Host(Action<IServiceCollection> add, string? contentRoot = null)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(
            new() { ContentRootPath = contentRoot ?? AppContext.BaseDirectory });
        add(builder.Services);
        return builder.Build();
    }

    internal sealed class Answers
    {
        public List<int> Digits { get; } = [];
    }

    private sealed class Asking(IPredictor<DigitNet> predictor, Answers answers) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => AskAsync();

        public Task StopAsync(CancellationToken cancellationToken) => AskAsync();

        private async Task AskAsync()
        {
            float[] logits = await predictor.PredictAsync(s_image);
            answers.Digits.Add(logits.AsSpan().IndexOf(logits.Max()));
        }
    }
}

/// <summary>A folder that is gone at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("netgen-serving-").FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
