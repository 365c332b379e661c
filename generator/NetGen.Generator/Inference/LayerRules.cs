using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Inference;

/// <summary>
/// Warnings about layers that fit each other but make no sense one behind the other. Each layer says of itself what they go by.
/// </summary>
internal sealed class LayerRules(ScopeGraph graph, ICollection<Problem> problems)
{
    /// <summary>
    /// Saturating activations in a row from which on NG3011 is given, as <see cref="Layer.Saturation"/> counts them: the derivative of
    /// Sigmoid is at most 1/4, so that five of them leave less than a thousandth of the gradient.
    /// </summary>
    private const double SaturationLimit = 5;

    /// <param name="layers">A network's, or a block's by itself.</param>
    public static void Check(EquatableArray<InferredLayer> layers, ICollection<Problem> problems)
    {
        foreach (ScopeGraph scope in ScopeGraph.Of(layers))
        {
            var rules = new LayerRules(scope, problems);
            foreach (InferredLayer layer in scope.Layers)
            {
                rules.CheckConsecutiveLinear(layer);
                rules.CheckConsecutiveConvolution(layer);
                rules.CheckBiasBeforeNormalisation(layer);
                rules.CheckDropoutBeforeBatchNorm(layer);
            }
            rules.CheckSaturation();
            rules.CheckUnread();
        }
    }

    /// <summary>NG3002, NG3020 to NG3022: losses over scores take no probabilities, and losses over probabilities take no scores.</summary>
    public static void CheckBeforeLoss(InferredNetwork network, ICollection<Problem> problems)
    {
        ScopeGraph graph = ScopeGraph.Of(network.Layers).First();
        for (int i = 0; i < network.Spec.Losses.Count; i++)
        {
            foreach (int output in network.OutputsOf(network.Spec.Losses[i]).Where(output => output >= 0))
                CheckBeforeLoss(graph, network.Spec.Losses[i], network.Outputs[output], ProblemPlace.LossAt(i), problems);
        }
    }

    private static void CheckBeforeLoss(
        ScopeGraph graph, LossSpec loss, InferredPort output, string ofLoss, ICollection<Problem> problems)
    {
        InferredLayer? last = graph.Producer(output.Value);
        while (last is not null && Kind(last).IsTransparent)
            last = graph.Before(last);
        if (last is not null && LossRegistry.For(loss).Advise(Kind(last).Gives(last.Spec), TypeName(last)) is { } advice)
        {
            string place = advice.IsAtProducer ? last.Path : ofLoss;
            // In a network with errors the last layer may not be the last for long.
            if (advice.Descriptor == DiagnosticDescriptors.RectifiedScores && problems.Any(problem => problem.IsError))
                return;
            problems.Add(new Problem(advice.Descriptor, place, null, null, advice.Arguments.ToEquatableArray())
            {
                Fix = advice.IsAtProducer ? ProblemFix.RemoveLayer : advice.Insert is null ? null : ProblemFix.Insert(advice.Insert),
            });
        }
        if (loss is CrossEntropyLossSpec or NLLLossSpec && output.Shape is { IsVector: true, Size: 1 })
        {
            while (last is not null && Kind(last).KeepsShape(last.Spec))
                last = graph.Before(last);
            bool isLinear = last?.Spec is LinearSpec;
            problems.Add(new Problem(DiagnosticDescriptors.OneClass, isLinear ? last!.Path : ofLoss, isLinear ? "outFeatures" : null, null,
                new[] { LossRegistry.For(loss).TypeName }.ToEquatableArray())
            {
                Fix = isLinear ? new ProblemFix(FixProperties.Value, "2") : null,
            });
        }
    }

    /// <summary>NG3003: the product of two matrices is one matrix.</summary>
    private void CheckConsecutiveLinear(InferredLayer layer)
    {
        if (Kind(layer).Matrix(layer.Spec) is not { } matrix)
            return;
        // What somebody else reads on the way is no mere step.
        InferredLayer reader = layer;
        while (graph.IsOnlyReader(reader) && graph.Before(reader) is { } before)
        {
            if (Kind(before).Matrix(before.Spec) is { } first)
            {
                TensorShape input = before.Input;
                string inFeatures = input.IsVector && input.IsComplete ? MessageText.Number(input.Features)
                    : first.In is int features ? MessageText.Number(features) : "…";
                string name = graph.IsInBlock ? $"{TypeName(layer)} '{layer.Path}'" : TypeName(layer);
                problems.Add(new Problem(DiagnosticDescriptors.ConsecutiveLinear, layer.Path, null, null,
                    new[] { name, inFeatures, MessageText.Number(matrix.Out) }.ToEquatableArray())
                {
                    Fix = ProblemFix.Insert("ReLU"),
                });
                return;
            }
            if (!Kind(before).IsTransparent)
                return;
            reader = before;
        }
    }

    /// <summary>NG3053: two convolutions, or a convolution and a matrix, are one.</summary>
    private void CheckConsecutiveConvolution(InferredLayer layer)
    {
        if (!Kind(layer).IsLinear(layer.Spec))
            return;
        InferredLayer reader = layer;
        while (graph.IsOnlyReader(reader) && graph.Before(reader) is { } before)
        {
            // Of two matrices NG3003 tells; a layer in error may have meant another.
            if (!problems.Any(problem => problem.IsError) && Kind(before).IsLinear(before.Spec)
                && (layer.Spec is Conv2dSpec || before.Spec is Conv2dSpec))
            {
                problems.Add(new Problem(DiagnosticDescriptors.ConsecutiveConvolution, layer.Path, null, null,
                    new[] { TypeName(layer), TypeName(before) }.ToEquatableArray())
                {
                    Fix = ProblemFix.Insert("ReLU"),
                });
                return;
            }
            if (!Kind(before).IsTransparent)
                return;
            reader = before;
        }
    }

    /// <summary>NG3054: a first convolution over an image whose channels look like a width.</summary>
    public static void CheckInputOrder(InferredNetwork network, ICollection<Problem> problems)
    {
        if (LayerContext.ChannelsFirst(network.Input) is not { } ordered || problems.Any(problem => problem.IsError)
            || network.Spec.InputShape.Count != 3
            || !network.Layers.Any(layer => layer.Spec is Conv2dSpec { IsSequence: false } && layer.Input == network.Input))
            return;
        TensorShape input = network.Input;
        problems.Add(new Problem(DiagnosticDescriptors.ChannelsLast, ProblemPlace.Network, "inputShape", null, new[]
        {
            input.ToString(), $"{MessageText.Count(input.Channels, "channel")} of {MessageText.Number(input.Height)} × "
                + MessageText.Number(input.Width), $"{MessageText.Count(input.Width, "channel")} of {MessageText.Number(input.Channels)} × "
                + MessageText.Number(input.Height), ordered,
        }.ToEquatableArray())
        {
            Fix = new ProblemFix(FixProperties.InputShape, ordered),
        });
    }

    /// <summary>NG3010: what is added to a whole channel is subtracted again with the channel's mean.</summary>
    private void CheckBiasBeforeNormalisation(InferredLayer layer)
    {
        // Running statistics know nothing of what is added.
        if (!Kind(layer).NormalisesChannels || (Kind(layer).LearnsStatistics && layer.Spec.IsFrozen))
            return;
        InferredLayer reader = layer;
        while (graph.IsOnlyReader(reader) && graph.Before(reader) is { } before)
        {
            // Merged, a channel's elements become features that are normalised one by one; the constant is in each of them.
            if (Kind(before).MergesDimensions)
            {
                reader = before;
                continue;
            }
            if (!Kind(before).IsNormalisation && Kind(before).TensorNames(before.Spec).Contains("Bias"))
                Report(DiagnosticDescriptors.BiasBeforeNormalisation, before, "bias", TypeName(before), TypeName(layer));
            return;
        }
    }

    /// <summary>NG3012: dropout scales the variance in training only, and batch normalisation learns it from there.</summary>
    private void CheckDropoutBeforeBatchNorm(InferredLayer layer)
    {
        if (!Kind(layer).LearnsStatistics || layer.Spec.IsFrozen)
            return;
        // Behind a layer with weights the sums of many values hide most of it.
        for (InferredLayer? before = graph.Before(layer); before is not null && !IsOpaque(before); before = graph.Before(before))
        {
            if (!before.Spec.IsFrozen && Kind(before).DropProbability(before.Spec) is > 0 and < 1 and float probability)
            {
                string factor = (1 / (1 - (double)probability)).ToString("0.##", CultureInfo.InvariantCulture);
                Report(DiagnosticDescriptors.DropoutBeforeBatchNorm, before, null, TypeName(before), TypeName(layer),
                    $"1 / (1 − {MessageText.Fraction(probability)}) = {factor}");
                return;
            }
        }

        static bool IsOpaque(InferredLayer layer) => layer.Spec is UnreadableSpec || Kind(layer).HasParameters(layer.Spec);
    }

    /// <summary>NG3030: what nobody reads is computed for nothing, and its layers learn nothing.</summary>
    private void CheckUnread()
    {
        // A layer in error may have meant to read it.
        if (problems.Any(problem => problem.IsError))
            return;
        for (int i = 0; i < graph.Layers.Count - 1; i++)
        {
            InferredLayer layer = graph.Layers[i], next = graph.Layers[i + 1];
            if (!graph.IsRead(layer) && !Kind(layer).IsRead && next.Spec is not UnreadableSpec)
                Report(DiagnosticDescriptors.UnreadValue, layer, null, TypeName(layer), TypeName(next));
        }
    }

    /// <summary>NG3011: the derivatives of saturating activations multiply, and each is small.</summary>
    private void CheckSaturation()
    {
        // The saturating activations between a layer's output and the nearest normalisation before it, and what was said of them.
        var chains = new Dictionary<string, List<InferredLayer>>(StringComparer.Ordinal);
        var reported = new HashSet<string>(StringComparer.Ordinal);
        var continued = new HashSet<string>(StringComparer.Ordinal);
        foreach (InferredLayer layer in graph.Layers)
        {
            List<InferredLayer> chain = [];
            if (graph.Before(layer) is { } before)
            {
                chain = chains[before.Path];
                if (!Kind(layer).IsNormalisation)
                    continued.Add(before.Path);
            }
            bool saturates = Kind(layer).Saturation(layer.Spec) > 0;
            chains[layer.Path] = Kind(layer).IsNormalisation ? [] : saturates ? [.. chain, layer] : chain;
        }
        // Said once, of the whole chain.
        foreach (InferredLayer layer in graph.Layers.Where(layer => !continued.Contains(layer.Path)))
        {
            List<InferredLayer> chain = chains[layer.Path];
            if (chain.Sum(link => Kind(link).Saturation(link.Spec)) < SaturationLimit || !reported.Add(chain[chain.Count - 1].Path))
                continue;
            InferredLayer last = chain[chain.Count - 1];
            string kinds = string.Join(" and ", chain.Select(TypeName).Distinct());
            Report(DiagnosticDescriptors.DeepSaturation, last, null, TypeName(last), MessageText.Number(chain.Count), kinds);
        }
    }

    private void Report(DiagnosticDescriptor descriptor, InferredLayer layer, string? argument, params string[] messageArguments)
        => problems.Add(new Problem(descriptor, layer.Path, argument, null, messageArguments.ToEquatableArray()));

    private static Layer Kind(InferredLayer layer) => LayerRegistry.For(layer.Spec);

    /// <summary>
    /// The layer as the user writes it. Advice that is the same wherever a block is used does not name the use: what is said in the same
    /// words at the same place is reported once.
    /// </summary>
    private static string TypeName(InferredLayer layer) => Kind(layer).TypeName(layer.Spec);
}
