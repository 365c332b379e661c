using System.Globalization;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Golden;

/// <summary>A golden file: what PyTorch computed for one network (<c>golden/make_golden.py</c> says what is in it).</summary>
internal sealed class GoldenFile
{
    private readonly GoldenTensors _tensors;

    private GoldenFile(string name, GoldenTensors tensors)
    {
        _tensors = tensors;
        Count = int.Parse(tensors.Metadata["batch"], CultureInfo.InvariantCulture);
        Seed = int.Parse(tensors.Metadata["seed"], CultureInfo.InvariantCulture);
        string className = string.Concat(name.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
        Stack = Stack.Parse(tensors.Metadata["stack"], "Golden" + className);
        Parameters = ParameterInfo.Values(Stack.Parameters, Seed);
        Inputs = Stack.Samples(Seed * 1000, Count);
        Targets = Target.All(Stack, Seed * 1000 + 999, Count);
    }

    public Stack Stack { get; }

    public int Count { get; }

    public int Seed { get; }

    public float[][] Parameters { get; }

    /// <summary>By input of the network.</summary>
    public IReadOnlyList<float[]> Inputs { get; }

    /// <summary>The only or first input.</summary>
    public float[] Input => Inputs[0];

    /// <summary>By <see cref="Stack.Comparisons"/>.</summary>
    public IReadOnlyList<Target> Targets { get; }

    /// <summary>The only or first target.</summary>
    public Target Target => Targets[0];

    /// <summary>A layer looks at the whole batch in training: the file has the evaluation's output besides.</summary>
    public bool HasBatchStatistics => Stack.HasBatchStatistics;

    public double? Loss => _tensors.Tensors.TryGetValue("loss", out double[]? loss) ? loss[0] : null;

    /// <summary>By optimiser, the losses of ten steps.</summary>
    public IEnumerable<(string Optimizer, double[] Losses)> Losses => _tensors.Tensors
        .Where(t => t.Key.StartsWith("losses.", StringComparison.Ordinal)).Select(t => (t.Key["losses.".Length..], t.Value));

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "golden");

    public static IReadOnlyList<string> Names { get; } = Directory.GetFiles(Folder, "*.safetensors")
        .Select(f => Path.GetFileName(f)[..^".safetensors".Length])
        .Where(n => !n.EndsWith(".parameters", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).ToArray();

    public static TheoryData<string> NameTable => new(Names);

    public static GoldenFile Read(string name) => new(name, GoldenTensors.Read(Path.Combine(Folder, name + ".safetensors")));

    /// <summary>The entry of an output: <c>output</c> or <c>evaluation</c>, and its name where it has one of its own.</summary>
    public static string Entry(string kind, Port output) => output.Name == Layers.Output.DefaultName ? kind : $"{kind}.{output.Name}";

    /// <inheritdoc cref="GoldenTensors.Check"/>
    public void Check(string entry, IReadOnlyList<double> actual, double[] errors) => _tensors.Check(entry, actual, errors);

    /// <summary>From a name such as <c>sgd,lr=0.05,momentum=0.9,nesterov</c>.</summary>
    public static Optimizer CreateOptimizer(string text)
    {
        string[] parts = text.Split(',');
        float Option(string name, float otherwise)
        {
            string? part = parts.FirstOrDefault(p => p.StartsWith(name + "=", StringComparison.Ordinal));
            return part is null ? otherwise : float.Parse(part[(name.Length + 1)..], CultureInfo.InvariantCulture);
        }
        float rate = Option("lr", 0);
        return parts[0] switch
        {
            "sgd" => new SGD(rate, Option("momentum", 0), Option("dampening", 0), Option("decay", 0), parts.Contains("nesterov")),
            "adam" => new Adam(rate, Option("beta1", 0.9f), Option("beta2", 0.999f), Option("eps", 1e-8f), Option("decay", 0)),
            "adamw" => new AdamW(rate, Option("beta1", 0.9f), Option("beta2", 0.999f), Option("eps", 1e-8f), Option("decay", 0.01f)),
            _ => throw new FormatException(text),
        };
    }
}
