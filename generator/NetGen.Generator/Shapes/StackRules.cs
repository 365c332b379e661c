using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Shapes;

/// <summary>Warnings about layers that fit each other but make no sense in this order.</summary>
/// <param name="scope">Prefix of the layers' paths, e.g. <c>residual1.</c>; empty for the network.</param>
internal sealed class StackRules(string scope, bool isInBlock, ICollection<Problem> problems)
{
    /// <summary>
    /// Saturating activations in a row from which on NG3011 is given. The derivative of Sigmoid is at most 1/4, so that five of
    /// them leave less than a thousandth of the gradient. Tanh counts half: its derivative reaches 1, but for inputs of unit variance is 0.6 in the mean.
    /// </summary>
    private const double SaturationLimit = 5;

    /// <summary>What can be said of one stack of layers, whatever its shapes.</summary>
    public void Check(EquatableArray<LayerSpec> layers, IReadOnlyList<InferredLayer> inferred)
    {
        CheckConsecutiveLinear(layers, inferred);
        CheckBiasBeforeNormalisation(layers);
        CheckSaturation(layers);
        CheckDropoutBeforeBatchNorm(layers);
    }

    /// <summary>NG3002, NG3020 to NG3022: losses over scores take no probabilities, and losses over probabilities take no scores.</summary>
    public static void CheckBeforeLoss(EquatableArray<LayerSpec> layers, LossSpec? loss, ICollection<Problem> problems)
    {
        LayerSpec? last = null;
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            LayerSpec spec = layers[i];
            bool squashes = spec is SoftmaxSpec or ActivationSpec { Activation: SigmoidActivation };
            string name = LayerRegistry.For(spec).TypeName(spec);
            if (squashes && loss is CrossEntropyLossSpec)
                problems.Add(new Problem(DiagnosticDescriptors.NormalisedBeforeCrossEntropy, spec.Name, null, null, new[] { name }.ToEquatableArray()));
            if (squashes && loss is BCEWithLogitsLossSpec)
                problems.Add(new Problem(DiagnosticDescriptors.SigmoidBeforeLogits, spec.Name, null, null, new[] { name }.ToEquatableArray()));
            if (!IsTransparent(spec))
            {
                last = spec;
                break;
            }
        }
        switch (last, loss)
        {
            // Only layers that surely give other numbers are told apart: a block may end in anything.
            case (LinearSpec or BilinearSpec or Conv2dSpec or ActivationSpec { Activation: not (SigmoidActivation or HardsigmoidActivation) }, BCELossSpec):
                Report(DiagnosticDescriptors.NoProbabilities, Name(last));
                break;
            case (LinearSpec or BilinearSpec or Conv2dSpec or SoftmaxSpec or ActivationSpec, NLLLossSpec):
                Report(DiagnosticDescriptors.NoLogProbabilities, "NLLLoss", Name(last), "put LogSoftmax in front of it, or take CrossEntropyLoss, which applies it itself");
                break;
            case (LinearSpec or BilinearSpec or Conv2dSpec or SoftmaxSpec or ActivationSpec, KLDivLossSpec):
                Report(DiagnosticDescriptors.NoLogProbabilities, "KLDivLoss", Name(last), "put LogSoftmax in front of it");
                break;
        }

        string Name(LayerSpec spec) => LayerRegistry.For(spec).TypeName(spec);

        void Report(DiagnosticDescriptor descriptor, params string[] arguments)
            => problems.Add(new Problem(descriptor, ProblemPlace.Loss, null, null, arguments.ToEquatableArray()));
    }

    /// <summary>NG3003: the product of two matrices is one matrix.</summary>
    private void CheckConsecutiveLinear(EquatableArray<LayerSpec> layers, IReadOnlyList<InferredLayer> inferred)
    {
        List<LayerSpec> named = ReadBesides(layers);
        int previous = -1;
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] is LinearSpec linear)
            {
                // What a Bilinear reads besides is no mere step on the way.
                if (previous >= 0 && !layers.Skip(previous).Take(i - previous).Any(named.Contains))
                {
                    TensorShape first = inferred[previous].Input;
                    string inFeatures = first.IsVector && first.IsComplete ? MessageText.Number(first.Features)
                        : ((LinearSpec)layers[previous]).InFeatures is int declared ? MessageText.Number(declared) : "…";
                    string name = isInBlock ? $"Linear '{scope}{linear.Name}'" : "Linear";
                    Report(DiagnosticDescriptors.ConsecutiveLinear, linear, null, name, inFeatures, MessageText.Number(linear.OutFeatures));
                }
                previous = i;
            }
            else if (!IsTransparent(layers[i]))
                previous = -1;
        }
    }

    /// <summary>NG3010: what is added to a whole channel is subtracted again with the channel's mean.</summary>
    private void CheckBiasBeforeNormalisation(EquatableArray<LayerSpec> layers)
    {
        List<LayerSpec> named = ReadBesides(layers);
        LayerSpec? biased = null;
        foreach (LayerSpec spec in layers)
        {
            Layer layer = LayerRegistry.For(spec);
            if (layer.NormalisesChannels && biased is not null)
                Report(DiagnosticDescriptors.BiasBeforeNormalisation, biased, "bias", TypeName(biased), layer.TypeName(spec));
            // Flattened, a channel's elements become features that are normalised one by one; the constant is in each of them.
            if (spec is not FlattenSpec)
                biased = !layer.IsNormalisation && layer.TensorNames(spec).Contains("Bias") && !named.Contains(spec) ? spec : null;
        }
    }

    /// <summary>NG3011: the derivatives of saturating activations multiply, and each is small.</summary>
    private void CheckSaturation(EquatableArray<LayerSpec> layers)
    {
        var chain = new List<LayerSpec>();
        double weight = 0;
        foreach (LayerSpec spec in layers)
        {
            if (LayerRegistry.For(spec).IsNormalisation)
                Close();
            else if (spec is ActivationSpec { Activation: SigmoidActivation or HardsigmoidActivation or TanhActivation } activation)
            {
                chain.Add(spec);
                weight += activation.Activation is TanhActivation ? 0.5 : 1;
            }
        }
        Close();

        // Said once, of the whole chain.
        void Close()
        {
            if (weight >= SaturationLimit)
            {
                LayerSpec last = chain[chain.Count - 1];
                string kinds = string.Join(" and ", chain.Select(TypeName).Distinct());
                Report(DiagnosticDescriptors.DeepSaturation, last, null, TypeName(last), MessageText.Number(chain.Count), kinds);
            }
            chain.Clear();
            weight = 0;
        }
    }

    /// <summary>NG3012: dropout scales the variance in training only, and batch normalisation learns it from there.</summary>
    private void CheckDropoutBeforeBatchNorm(EquatableArray<LayerSpec> layers)
    {
        DropoutSpec? dropout = null;
        foreach (LayerSpec spec in layers)
        {
            if (spec is BatchNormSpec && dropout is not null)
            {
                double factor = 1 / (1 - (double)dropout.Probability);
                Report(DiagnosticDescriptors.DropoutBeforeBatchNorm, dropout, null, TypeName(dropout), TypeName(spec),
                    $"1 / (1 − {MessageText.Fraction(dropout.Probability)}) = {factor.ToString("0.##", CultureInfo.InvariantCulture)}");
            }
            // Behind a layer with weights the sums of many values hide most of it.
            if (spec is DropoutSpec { Probability: > 0 and < 1 } next)
                dropout = next;
            else if (spec is UnreadableSpec || LayerRegistry.For(spec).HasParameters(spec))
                dropout = null;
        }
    }

    /// <summary>The layers of this stack that a Bilinear in it names.</summary>
    private static List<LayerSpec> ReadBesides(EquatableArray<LayerSpec> layers)
        => layers.Where(layer => layers.Any(other => other is BilinearSpec { From: { } from } && from == layer.Name)).ToList();

    private void Report(DiagnosticDescriptor descriptor, LayerSpec layer, string? argument, params string[] messageArguments)
        => problems.Add(new Problem(descriptor, scope + layer.Name, argument, null, messageArguments.ToEquatableArray()));

    /// <summary>
    /// The layer as the user writes it. Advice that is the same wherever a block is used does not name the use: what is said in the same
    /// words at the same place is reported once.
    /// </summary>
    private static string TypeName(LayerSpec layer) => LayerRegistry.For(layer).TypeName(layer);

    /// <summary>Layers that only scale, drop or rearrange what they are given.</summary>
    private static bool IsTransparent(LayerSpec spec) => spec is DropoutSpec or AlphaDropoutSpec or FlattenSpec;
}
