using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Inference;

/// <summary>Which output each loss is of, and whether it fits it.</summary>
internal static class LossRules
{
    /// <param name="source">What gives the only output, for messages.</param>
    /// <param name="isGuess">Its shape is what a layer in error would have given.</param>
    public static void Check(InferredNetwork network, string source, bool isGuess, ICollection<Problem> problems)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < network.Spec.Losses.Count; i++)
        {
            LossSpec loss = network.Spec.Losses[i];
            Loss kind = LossRegistry.For(loss);
            string place = ProblemPlace.LossAt(i);
            InferredPort? output = network.OutputOf(loss);
            if (output is not { } found)
            {
                string names = MessageText.List(network.Outputs.Select(port => $"'{port.Name}'").ToArray());
                Report(DiagnosticDescriptors.LossOutput, "of", loss.Of is null
                    ? $"the network has {MessageText.Number(network.Outputs.Count)} outputs: write Of = \"…\", one of {names}"
                    : $"there is no output '{loss.Of}'; there {(network.Outputs.Count == 1 ? "is" : "are")} {names}");
            }
            else if (!taken.Add(found.Name))
            {
                Report(DiagnosticDescriptors.LossOutput, "of",
                    $"another loss is of '{found.Name}' already: publish it twice, by two Output attributes, to give it two losses");
            }
            if (double.IsNaN(loss.Factor) || double.IsInfinity(loss.Factor))
            {
                Report(DiagnosticDescriptors.LossArgumentRange, "factor", "factor", "be a finite number",
                    MessageText.Fraction(loss.Factor));
            }
            string from = network.Outputs.Count == 1 ? source : $"'{output?.Name}'";
            kind.Check(loss, new LossContext(
                kind.TypeName, output is { } of && !isGuess ? of.Shape : TensorShape.Unknown, from, problems) { Place = place });

            void Report(Microsoft.CodeAnalysis.DiagnosticDescriptor descriptor, string argument, params string[] rest)
                => problems.Add(new Problem(descriptor, place, argument, null, rest.Prepend(kind.TypeName).ToEquatableArray()));
        }
    }
}
