using System.Diagnostics;
using static TorchSharp.torch;

namespace TorchSharp.Peer;

/// <summary>Evaluation mode in inference mode, as TorchScript and frozen, in each memory format; the fastest is kept.</summary>
internal sealed class Inference : IRunner
{
    private readonly Way _way;

    public Inference(NetworkFiles models, int batch)
    {
        var ways = new List<Way>();
        bool[] formats = models.IsConvolutional ? [false, true] : [false];
        foreach (bool channelsLast in formats)
        {
            foreach (bool frozen in (bool[])[false, true])
            {
                Tensor samples = models.RandomSamples(batch);
                jit.ScriptModule<Tensor, Tensor> module = models.Load(frozen, channelsLast);
                if (!frozen) // a frozen module has no mode left
                    module.eval();
                ways.Add(new Way((frozen ? "TorchScript frozen" : "TorchScript") + (channelsLast ? " channels_last" : ""), module,
                    channelsLast ? NetworkFiles.ToChannelsLast(samples) : samples));
            }
        }

        _way = Fastest(ways);
        foreach (Way way in ways)
        {
            if (way != _way)
                way.Dispose();
        }
    }

    public string Variant => _way.Name;

    public void Run(int iterations)
    {
        using var mode = inference_mode();
        for (int i = 0; i < iterations; i++)
            _way.Forward();
    }

    public void Dispose() => _way.Dispose();

    /// <summary>The way with the least best-of-many time, all ways taking turns.</summary>
    private static Way Fastest(List<Way> ways)
    {
        const int Rounds = 12, FirstRoundThatCounts = 3; // the first calls compile and allocate
        using var mode = inference_mode();
        var best = ways.ToDictionary(way => way, _ => TimeSpan.MaxValue);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Way way in ways)
            {
                long begin = Stopwatch.GetTimestamp();
                way.Forward();
                TimeSpan elapsed = Stopwatch.GetElapsedTime(begin);
                if (round >= FirstRoundThatCounts && elapsed < best[way])
                    best[way] = elapsed;
            }
        }

        return best.MinBy(pair => pair.Value).Key;
    }

    private sealed record Way(string Name, jit.ScriptModule<Tensor, Tensor> Module, Tensor Samples) : IDisposable
    {
        public void Forward() => Module.forward(Samples).Dispose();

        public void Dispose()
        {
            Module.Dispose();
            Samples.Dispose();
        }
    }
}
