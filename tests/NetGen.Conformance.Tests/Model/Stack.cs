using System.Collections.Concurrent;
using NetGen.Conformance.Tests.Losses;

namespace NetGen.Conformance.Tests.Model;

/// <summary>
/// A network written as one line of words, e.g. <c>in:1x28x28 conv:6,k5,p2 relu max:k2 flatten linear:10 ce</c>: the notation
/// of <c>golden/stacks.py</c>, where it is described. It is a graph: layers read what is in front of them, and any value by its name.
/// </summary>
/// <remarks>
/// Shapes are computed here by the formulas of PyTorch's documentation and not by the generator's inference, so that the two
/// can be compared. Nothing here or in the interpreter uses the generator.
/// </remarks>
/// <param name="Inputs">The values that a caller gives.</param>
/// <param name="Layers">As they are declared, blocks as one each.</param>
/// <param name="Operations">The graph: the layers that compute, in an order in which they can run.</param>
/// <param name="Outputs">The values that a caller gets.</param>
internal sealed record Stack(
    string Text, string Name, IReadOnlyList<Port> Inputs, IReadOnlyList<Node> Layers, IReadOnlyList<Node> Operations,
    IReadOnlyList<Port> Outputs, IReadOnlyList<Loss> Losses)
{
    /// <summary>The shape of the network's only or first input.</summary>
    public Shape Input => Inputs[0].Shape;

    /// <summary>The shape of the network's only or first output.</summary>
    public Shape Output => Outputs[0].Shape;

    /// <summary>The only or first loss; null where there is none.</summary>
    public Loss? Loss => Losses.Count == 0 ? null : Losses[0];

    /// <summary>One input and one output: what callers know as <c>INetwork</c>.</summary>
    public bool IsSimple => Inputs.Count == 1 && Outputs.Count == 1 && !HasLengths;

    /// <summary>A number that follows from the words, by which networks are shared out.</summary>
    public uint WordHash { get; } = Text.Aggregate(0u, (hash, letter) => Numbers.Hash((int)hash, letter));

    /// <summary>Which of the inputs have gradients.</summary>
    public IReadOnlyList<int> FloatInputs { get; } = [.. Enumerable.Range(0, Inputs.Count).Where(i => !Inputs[i].IsInts)];

    /// <summary>
    /// Samples of each input, from the seed, which is another for each. Ints are numbers of rows that every table that they are looked up in
    /// has; here they are numbers like all others.
    /// </summary>
    public float[][] Samples(int seed, int count) => [.. Inputs.Select((port, i) =>
    {
        (int own, int length) = (unchecked(seed + 500 * i), Elements(port, count));
        return port.IsInts ? Array.ConvertAll(Numbers.Labels(own, length, Rows(port.Value)), row => (float)row) : Numbers.Uniform(own, length);
    })];

    /// <summary>Samples bring lengths of their own.</summary>
    public bool HasLengths => Inputs.Any(port => port.Axis is not null);

    /// <summary>The inputs that bring lengths.</summary>
    public IReadOnlyList<Port> Axes { get; } = [.. Inputs.Where(port => port.Axis == port.Name)];

    /// <summary>
    /// How many positions a sample has, which is for ever the same: some, all, one, and then any number.
    /// </summary>
    /// <param name="axis">The input that brings them.</param>
    public int LengthOf(string axis, int sample)
    {
        int index = Axes.ToList().FindIndex(port => port.Name == axis), most = Axes[index].Shape.Dimensions[0];
        return sample switch
        {
            0 => (most + 1) / 2,
            1 => most,
            2 => 1,
            _ => 1 + (int)(Numbers.Hash(77 + index, (uint)sample) % (uint)most),
        };
    }

    /// <summary>The lengths of the first samples, as numbers.</summary>
    public float[] LengthsOf(Port axis, int count) => [.. Enumerable.Range(0, count).Select(sample => (float)LengthOf(axis.Name, sample))];

    /// <summary>Elements of the first samples of a port.</summary>
    public int Elements(Port port, int count)
    {
        if (port.Axis is not { } axis)
            return count * port.Shape.Size;
        int positions = Enumerable.Range(0, count).Sum(sample => LengthOf(axis, sample));
        return positions * (port.Shape.Size / port.Shape.Dimensions[0]);
    }

    /// <summary>The network as it is for a sample: with a fixed shape of as many positions.</summary>
    public Stack OfSample(int sample)
    {
        if (!HasLengths)
            return this;
        Dictionary<string, int> lengths = Axes.ToDictionary(axis => axis.Name, axis => LengthOf(axis.Name, sample));
        return _ofLengths.GetOrAdd(string.Join(' ', lengths.Values), _ => WithLengths(lengths));
    }

    private readonly ConcurrentDictionary<string, Stack> _ofLengths = [];

    private Stack WithLengths(IReadOnlyDictionary<string, int> lengths) =>
        Parse(string.Join(' ', Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text =>
        {
            Word word = Word.Parse(text);
            if (!Tests.Layers.Input.Kinds.Contains(word.Kind)
                || Tests.Layers.Input.Read(word).Axis(word.Name ?? Tests.Layers.Input.DefaultName) is not { } axis)
                return text;
            IEnumerable<int> dimensions = Word.Numbers(word.Option(0)).Skip(1).Prepend(lengths[axis]);
            return Word.Format(word.Kind, word.Name, word.Options.Skip(1).Prepend(new Shape(dimensions).Word));
        })), Name, findsAxes: false);

    /// <summary>An output whose first dimension is another with another length has that.</summary>
    private IReadOnlyList<Port> OutputsWithAxes()
    {
        Port[] outputs = [.. Outputs];
        Dictionary<string, int> most = Axes.ToDictionary(axis => axis.Name, axis => axis.Shape.Dimensions[0]);
        foreach (Port axis in Axes)
        {
            int other = most[axis.Name] == 1 ? 2 : most[axis.Name] - 1;
            Stack changed = WithLengths(new Dictionary<string, int>(most) { [axis.Name] = other });
            for (int i = 0; i < outputs.Length; i++)
            {
                if (outputs[i].Shape != changed.Outputs[i].Shape)
                    outputs[i] = outputs[i] with { Axis = axis.Name };
            }
        }
        return outputs;
    }

    /// <summary>Rows of the smallest table that a value is looked up in.</summary>
    private int Rows(Value ints)
    {
        // What reads ints looks them up or passes them on.
        var passed = new HashSet<Value> { ints };
        int? rows = null;
        foreach (Node node in Operations.Where(node => passed.Contains(node.Inputs[0])))
        {
            if (node.Layer is ILookup table)
                rows = Math.Min(rows ?? int.MaxValue, table.NumEmbeddings);
            else
                passed.Add(node.Output);
        }
        return rows ?? 1;
    }

    /// <summary>What there are targets for, in their order.</summary>
    public IReadOnlyList<Comparison> Comparisons { get; } = Losses.Count == 0
        ? [.. Outputs.Select(output => new Comparison(null, [output]))]
        : [.. Losses.Select(loss => new Comparison(loss, loss.Of.Count == 0
            ? [Outputs.Single()]
            : [.. loss.Of.Select(name => Outputs.Single(output => output.Name == name))]))];

    /// <summary>Tensors in declaration order, which is the order of files; those that several layers use once.</summary>
    public IReadOnlyList<ParameterInfo> Parameters { get; } =
    [
        .. from node in Operations
           where node.Owner == node.Path
           from tensor in ((Operation)node.Layer).Tensors(node.InputShapes)
           select tensor with { Name = $"{node.Path}.{tensor.Name}", IsFrozen = node.IsFrozen },
    ];

    /// <summary>Places in <see cref="Parameters"/> of those that trainers have a tensor of gradients for.</summary>
    public IEnumerable<int> WithGradient => Enumerable.Range(0, Parameters.Count).Where(i => !Parameters[i].IsFrozen);

    /// <summary>Training needs two samples where a layer's statistics see one value of a channel in each.</summary>
    public int MinimumBatch =>
        Operations.Max(node => node.IsFrozen ? null : (int?)((Operation)node.Layer).MinimumBatch(node.InputShapes)) ?? 1;

    /// <summary>A layer's result for one sample depends on the others of the batch.</summary>
    public bool HasBatchStatistics => Operations.Any(node => ((Operation)node.Layer).HasBatchStatistics && !node.IsFrozen);

    /// <summary>A sample's gradients depend on the others of the batch.</summary>
    public bool ReadsBatch => HasBatchStatistics || Losses.Any(loss => loss.ReadsBatch);

    /// <summary>Multiply-adds of one sample, roughly.</summary>
    public long Work => Operations.Sum(node => ((Operation)node.Layer).Work(node.InputShapes));

    /// <summary>The first input is one of the layers, since it has a name of its own.</summary>
    public bool HasDeclaredInput => Layers.Count > 0 && Layers[0].Output == Inputs[0].Value && Layers[0].Layer is Tests.Layers.Input;

    public override string ToString() => Text;

    /// <exception cref="FormatException">The words are no network.</exception>
    public static Stack Parse(string text, string name = "Net") => Parse(text, name, findsAxes: true);

    /// <param name="findsAxes">The outputs are to say which lengths are theirs.</param>
    private static Stack Parse(string text, string name, bool findsAxes)
    {
        var words = new Queue<string>(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Word? first = words.TryDequeue(out string? head) ? Word.Parse(head) : null;
        if (first is null || !Tests.Layers.Input.Kinds.Contains(first.Kind))
            throw new FormatException($"'{text}' does not start with in:SHAPE.");
        var reader = new NetworkReader(words);
        Node input = reader.AddInput(Tests.Layers.Input.Read(first), first.Name ?? Tests.Layers.Input.DefaultName);
        Scope scope = reader.ReadScope("", input.Output);
        Loss[] losses = [.. words.Select(word => Registry.ReadLoss(Word.Parse(word)))];
        IReadOnlyList<Port> outputs = reader.Outputs.Count > 0
            ? reader.Outputs
            : [new Port(Tests.Layers.Output.DefaultName, scope.Result)];
        // [Network(dimensions)] declares an input of the usual name; another one is declared as all further ones are.
        // [Network(dimensions)] has floats, and a fixed shape.
        bool isUsual = first.Name is null && !reader.Inputs[0].IsInts && reader.Inputs[0].Axis is null;
        IReadOnlyList<Node> layers = isUsual ? scope.Layers : [input, .. scope.Layers];
        var stack = new Stack(text, name, reader.Inputs, layers, reader.Operations, outputs, losses);
        return stack.HasLengths && findsAxes ? stack with { Outputs = stack.OutputsWithAxes() } : stack;
    }

    /// <summary>The words that the layers say of themselves: another text of the same network.</summary>
    public string Print()
    {
        string head = HasDeclaredInput ? "" : $"in:{Input.Word} ";
        return head + string.Join(' ', Print(Layers).Concat(Losses.Select(loss => loss.Word)));
    }

    private static IEnumerable<string> Print(IEnumerable<Node> layers)
    {
        var names = new AutomaticNames();
        foreach (Node node in layers)
        {
            string? name = names.Next(node.Layer.Stem) == node.Name || node.Layer is Tests.Layers.Output ? null : node.Name;
            string shares = node.Shares is null ? "" : Word.Sharing + node.Shares;
            string frozen = node.SaysFrozen ? Word.Freezing : "";
            string word = Word.Format(node.Layer.Kind, name, node.Layer.Options.Append(shares).Append(frozen));
            IEnumerable<string> inside = node.Scopes.Select(scope => string.Join(' ', Print(scope.Layers)));
            yield return node.Scopes.Count == 0 || node.Layer is Tests.Layers.ComposedLayer ? word : $"{word} {string.Join(" | ", inside)} ]";
        }
    }
}
