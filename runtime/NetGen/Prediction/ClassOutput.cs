namespace NetGen;

/// <summary>The output of a network that has the classes, and how it becomes probabilities.</summary>
internal sealed class ClassOutput
{
    private ClassOutput(int index, NetworkPort port, ClassScores scores) => (Index, Size, Scores) = (index, port.Size, scores);

    /// <summary>Which of the outputs.</summary>
    public int Index { get; }

    /// <summary>Values of a sample.</summary>
    public int Size { get; }

    /// <summary>A single value decides between two.</summary>
    public int Classes => Size == 1 ? 2 : Size;

    private ClassScores Scores { get; }

    /// <summary>Finds it.</summary>
    /// <exception cref="ArgumentException">There is none, or it is not certain which one, or what its values are.</exception>
    public static ClassOutput Of(INetwork network, PredictorOptions options)
    {
        IReadOnlyList<NetworkPort> outputs = network.Ports.Outputs;
        IReadOnlyList<LossDeclaration> losses = LossDeclaration.AllOf(network);
        string all = string.Join(", ", outputs.Select(output => $"'{output.Name}'")), name = network.GetType().Name;
        string[] ofClasses =
            [.. losses.Where(loss => ByLoss(loss) is not null).Select(loss => loss.Of[0])];
        string chosen = options.Output ?? (outputs.Count == 1 ? outputs[0].Name : ofClasses.Length == 1 ? ofClasses[0]
            : throw new ArgumentException($"{name} has the outputs {all}: expected the one with the classes as "
                + $"{nameof(PredictorOptions)}.{nameof(PredictorOptions.Output)}.", nameof(options)));
        int index = outputs.ToList().FindIndex(output => output.Name == chosen);
        if (index < 0)
            throw new ArgumentException($"{name} has no output '{chosen}': expected one of {all}.", nameof(options));
        NetworkPort port = outputs[index];
        if (port.Lengths is not null || port.Shape.Count > 1)
            throw new ArgumentException($"{name} gives {port}: expected one score for each class, but that is more than a vector.",
                nameof(network));
        LossDeclaration? loss = losses.FirstOrDefault(loss => loss.Of.Contains(chosen));
        ClassScores scores = options.Scores ?? ByLoss(loss) ?? (loss is null && outputs.Count == 1 ? ByLastLayer(network, port) : null)
            ?? throw new ArgumentException($"{name} has no classes at its output '{chosen}' as far as can be told: {Known(network, loss)}. "
                + $"If they are scores of classes, say which ones by {nameof(PredictorOptions)}.{nameof(PredictorOptions.Scores)}.",
                nameof(network));
        if (port.Size > 1 && options.Scores is null && loss?.Kind is "BCEWithLogitsLoss" or "BCELoss")
            throw new ArgumentException($"{name} has {port.Size} outputs '{chosen}' of which {loss!.Kind} takes each for itself, so that a "
                + "sample is of any number of them, and not of one class.", nameof(network));
        return new ClassOutput(index, port, scores);
    }

    /// <summary>The probability of each class.</summary>
    /// <param name="scores">A sample's output.</param>
    /// <param name="probabilities">Receives one for each class.</param>
    public void ToProbabilities(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        if (Size == 1)
        {
            double yes = Scores switch
            {
                ClassScores.Logits => 1 / (1 + Math.Exp(-(double)scores[0])),
                ClassScores.LogProbabilities => Math.Exp(scores[0]),
                _ => scores[0],
            };
            (probabilities[0], probabilities[1]) = ((float)(1 - yes), (float)yes);
            return;
        }
        double shift = Scores == ClassScores.Logits ? LogSoftmax.LogSum(scores) : 0;
        for (int i = 0; i < scores.Length; i++)
            probabilities[i] = Scores == ClassScores.Probabilities ? scores[i] : (float)Math.Exp(scores[i] - shift);
    }

    private static ClassScores? ByLoss(LossDeclaration? loss) => loss?.Kind switch
    {
        "CrossEntropyLoss" or "BCEWithLogitsLoss" => ClassScores.Logits,
        "NLLLoss" => ClassScores.LogProbabilities,
        "BCELoss" => ClassScores.Probabilities,
        _ => null,
    };

    private static ClassScores? ByLastLayer(INetwork network, NetworkPort port) => network.Graph.Nodes[^1].Kind switch
    {
        "Softmax" => ClassScores.Probabilities,
        "LogSoftmax" => ClassScores.LogProbabilities,
        "Sigmoid" when port.Size == 1 => ClassScores.Probabilities,
        _ => null,
    };

    private static string Known(INetwork network, LossDeclaration? loss) => loss is not null
        ? $"its loss is {loss}" : $"it has no loss, and the last layer is {network.Graph.Nodes[^1].Operation}";
}
