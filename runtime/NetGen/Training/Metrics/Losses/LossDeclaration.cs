using System.Globalization;

namespace NetGen;

/// <summary>A loss as the graph of its network has it: <c>HuberLoss(delta 0.5, sum)</c> of some outputs.</summary>
internal sealed class LossDeclaration
{
    private const string OneOutput = "loss", Outputs = "loss of ";

    private readonly string _operation;
    private readonly List<string> _options;

    private LossDeclaration(string kind, string operation, IReadOnlyList<string> of)
    {
        (Kind, _operation, Of) = (kind, operation, of);
        _options = operation.Length == kind.Length ? [] : [.. operation[(kind.Length + 1)..^1].Split(", ")];
    }

    /// <summary>The loss as the declaration names it, e.g. <c>MSELoss</c>.</summary>
    public string Kind { get; }

    /// <summary>The outputs that it is of, in their order.</summary>
    public IReadOnlyList<string> Of { get; }

    /// <summary>All losses of a network, in the order of the declaration.</summary>
    public static IReadOnlyList<LossDeclaration> AllOf(INetwork network)
    {
        IReadOnlyList<NetworkPort> outputs = network.Ports.Outputs;
        var losses = new List<LossDeclaration>();
        foreach (NetworkGraphNode node in network.Graph.Nodes)
        {
            // A layer may be named so too, but it has a shape.
            if (node.Shape.Count > 0 || node.Inputs.Count == 0 || !node.Kind.EndsWith("Loss", StringComparison.Ordinal))
                continue;
            if (node.Path == OneOutput)
                losses.Add(new LossDeclaration(node.Kind, node.Operation, [outputs[0].Name]));
            else if (node.Path.StartsWith(Outputs, StringComparison.Ordinal))
                losses.Add(new LossDeclaration(node.Kind, node.Operation, node.Path[Outputs.Length..].Split(", ")));
        }
        return losses;
    }

    /// <summary>Takes an option out that is one word, or a few.</summary>
    public bool Take(string option) => _options.Remove(option);

    /// <summary>Takes the number behind a word out; the default where the declaration does not say it.</summary>
    public double Take(string option, double otherwise)
    {
        int at = _options.FindIndex(text => text.StartsWith(option + " ", StringComparison.Ordinal));
        if (at < 0)
            return otherwise;
        // With a true minus sign, as all texts of the generator have it.
        string number = _options[at][(option.Length + 1)..].Replace('−', '-');
        _options.RemoveAt(at);
        return double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>How the losses of a batch become one number.</summary>
    public LossReduction TakeReduction()
        => Take("sum") ? LossReduction.Sum : Take("batchmean") ? LossReduction.BatchMean : LossReduction.Mean;

    /// <exception cref="NotSupportedException">Nobody has taken an option, so that it would not count.</exception>
    public void ExpectAllTaken()
    {
        if (_options.Count > 0)
            throw new NotSupportedException($"{_operation}: '{_options[0]}' is an option that this version of the runtime does not know.");
    }

    public override string ToString() => _operation;
}

/// <summary>How the losses of a batch become one number.</summary>
internal enum LossReduction
{
    /// <summary>Divided by what the loss counts: elements, samples, or the weights of the labels.</summary>
    Mean,

    Sum,

    /// <summary>Divided by the number of samples.</summary>
    BatchMean,
}
