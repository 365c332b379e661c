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
/// <param name="Result">The value that a caller gets.</param>
internal sealed record Stack(
    string Text, string Name, IReadOnlyList<Value> Inputs, IReadOnlyList<Node> Layers, IReadOnlyList<Node> Operations, Value Result,
    Loss? Loss)
{
    /// <summary>The shape of the network's input.</summary>
    public Shape Input => Inputs[0].Shape;

    public Shape Output => Result.Shape;

    /// <summary>Tensors in declaration order, which is the order of files.</summary>
    public IReadOnlyList<ParameterInfo> Parameters { get; } =
    [
        .. from node in Operations
           from tensor in ((Operation)node.Layer).Tensors(node.InputShapes)
           select tensor with { Name = $"{node.Path}.{tensor.Name}" },
    ];

    /// <summary>Training needs two samples where a layer's statistics see one value of a channel in each.</summary>
    public int MinimumBatch => Operations.Max(node => (int?)((Operation)node.Layer).MinimumBatch(node.InputShapes)) ?? 1;

    /// <summary>A layer's result for one sample depends on the others of the batch.</summary>
    public bool HasBatchStatistics => Operations.Any(node => ((Operation)node.Layer).HasBatchStatistics);

    /// <summary>Multiply-adds of one sample, roughly.</summary>
    public long Work => Operations.Sum(node => ((Operation)node.Layer).Work(node.InputShapes));

    public override string ToString() => Text;

    /// <exception cref="FormatException">The words are no network.</exception>
    public static Stack Parse(string text, string name = "Net")
    {
        var words = new Queue<string>(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Word? first = words.TryDequeue(out string? head) ? Word.Parse(head) : null;
        if (first is null || !Tests.Layers.Input.Kinds.Contains(first.Kind))
            throw new FormatException($"'{text}' does not start with in:SHAPE.");
        var reader = new NetworkReader(words);
        Node input = reader.AddInput(Tests.Layers.Input.Read(first), first.Name ?? Tests.Layers.Input.DefaultName);
        Scope scope = reader.ReadScope("", input.Output);
        Loss? loss = words.TryDequeue(out string? last) ? Registry.ReadLoss(Word.Parse(last)) : null;
        if (words.Count > 0)
            throw new FormatException($"'{words.Peek()}' stands behind the loss of '{text}'.");
        return new Stack(text, name, reader.Inputs, scope.Layers, reader.Operations, scope.Result, loss);
    }

    /// <summary>The words that the layers say of themselves: another text of the same network.</summary>
    public string Print()
    {
        IEnumerable<string> words = Print(Layers).Prepend("in:" + Input.Word);
        return string.Join(' ', Loss is null ? words : words.Append(Loss.Word));
    }

    private static IEnumerable<string> Print(IEnumerable<Node> layers)
    {
        var names = new AutomaticNames();
        foreach (Node node in layers)
        {
            string? name = names.Next(node.Layer.Stem) == node.Name ? null : node.Name;
            string word = Word.Format(node.Layer.Kind, name, node.Layer.Options);
            IEnumerable<string> inside = node.Scopes.Select(scope => string.Join(' ', Print(scope.Layers)));
            yield return node.Scopes.Count == 0 ? word : $"{word} {string.Join(" | ", inside)} ]";
        }
    }
}
