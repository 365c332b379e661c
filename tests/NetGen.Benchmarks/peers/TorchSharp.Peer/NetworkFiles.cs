using static TorchSharp.torch;

namespace TorchSharp.Peer;

/// <summary>What export_models.py wrote for one network.</summary>
internal sealed class NetworkFiles(string folder, string network)
{
    /// <summary>Shape of one sample.</summary>
    public long[] SampleShape { get; } = ReadShape(Path.Combine(folder, network + ".shape"));

    /// <summary>A sample is a feature map of channels, rows and columns.</summary>
    public bool IsConvolutional => SampleShape.Length == 3;

    /// <exception cref="FileNotFoundException">The network was not exported, or by an older export_models.py.</exception>
    public jit.ScriptModule<Tensor, Tensor> Load(bool frozen = false, bool channelsLast = false)
    {
        string file = Path.Combine(folder,
            network + (frozen ? ".frozen" : "") + (channelsLast ? ".channels_last" : "") + ".torchscript");
        if (!File.Exists(file))
            throw new FileNotFoundException($"{file} is missing (install-peers.sh writes it)");
        return jit.load<Tensor, Tensor>(file);
    }

    /// <summary>Values in [0, 1).</summary>
    public Tensor RandomSamples(int batch)
    {
        manual_seed(7);
        return rand([batch, .. SampleShape]);
    }

    /// <summary>The same values with the channels of a pixel beside each other; takes over the tensor.</summary>
    public static Tensor ToChannelsLast(Tensor samples)
    {
        // The strides are what the memory format is.
        using (samples)
        {
            using Tensor rows = samples.permute(0, 2, 3, 1);
            using Tensor packed = rows.contiguous();
            return packed.permute(0, 3, 1, 2);
        }
    }

    private static long[] ReadShape(string file) => File.Exists(file)
        ? [.. File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]
        : throw new FileNotFoundException($"{file} is missing (install-peers.sh writes it)");
}
