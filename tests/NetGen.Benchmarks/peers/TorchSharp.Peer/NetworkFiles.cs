using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Peer;

/// <summary>What export_models.py wrote for one network.</summary>
internal sealed class NetworkFiles(string folder, string network)
{
    private readonly Dictionary<string, long[]> _samples = ReadNumbers(Path.Combine(folder, network + ".samples"));

    /// <summary>A sample is a feature map of channels, rows and columns.</summary>
    public bool IsConvolutional => SampleShape.Length == 3;

    private long[] SampleShape => _samples["shape"];

    private long Classes => _samples["classes"][0];

    /// <summary>Samples are tokens below it; null where they are numbers.</summary>
    private long? Vocabulary => _samples.TryGetValue("vocabulary", out long[]? vocabulary) ? vocabulary[0] : null;

    /// <exception cref="FileNotFoundException">The network was not exported, or by an older export_models.py.</exception>
    public jit.ScriptModule<Tensor, Tensor> Load(bool frozen = false, bool channelsLast = false)
    {
        string file = Path.Combine(folder,
            network + (frozen ? ".frozen" : "") + (channelsLast ? ".channels_last" : "") + ".torchscript");
        if (!File.Exists(file))
            throw new FileNotFoundException($"{file} is missing (install-peers.sh writes it)");
        return jit.load<Tensor, Tensor>(file);
    }

    /// <summary>Values in [0, 1), or tokens.</summary>
    public Tensor RandomSamples(int batch)
    {
        manual_seed(7);
        return Vocabulary is { } vocabulary
            ? randint(vocabulary, [batch, .. SampleShape], dtype: ScalarType.Int64)
            : rand([batch, .. SampleShape]);
    }

    public Tensor RandomLabels(int batch)
    {
        manual_seed(7);
        return randint(Classes, batch, dtype: ScalarType.Int64);
    }

    /// <summary>Samples as the benchmark wrote them: float32 numbers or int32 tokens.</summary>
    public Tensor ReadSamples(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        using Tensor flat = Vocabulary is null ? tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray()) : tensor(Integers(bytes));
        return flat.reshape([-1, .. SampleShape]);
    }

    /// <summary>Class indices as the benchmark wrote them.</summary>
    public static Tensor ReadLabels(string path) => tensor(Integers(File.ReadAllBytes(path)));

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

    private static long[] Integers(byte[] bytes) => [.. MemoryMarshal.Cast<byte, int>(bytes)];

    /// <summary>Lines of a word and its numbers.</summary>
    private static Dictionary<string, long[]> ReadNumbers(string file) => File.Exists(file)
        ? File.ReadLines(file).Select(line => line.Split(' ')).ToDictionary(words => words[0], words =>
            Array.ConvertAll(words[1..], number => long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)))
        : throw new FileNotFoundException($"{file} is missing (install-peers.sh writes it)");
}
