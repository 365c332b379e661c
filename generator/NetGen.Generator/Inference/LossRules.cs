using NetGen.Generator.Diagnostics;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Inference;

/// <summary>Which outputs each loss is of, and whether it fits them.</summary>
internal sealed class LossRules(InferredNetwork network, string source, bool isGuess, ICollection<Problem> problems)
{
    private readonly HashSet<int> _taken = [];

    /// <param name="source">What gives the only output, for messages.</param>
    /// <param name="isGuess">Its shape is what a layer in error would have given.</param>
    public static void Check(InferredNetwork network, string source, bool isGuess, ICollection<Problem> problems)
    {
        var rules = new LossRules(network, source, isGuess, problems);
        for (int i = 0; i < network.Spec.Losses.Count; i++)
            rules.Check(network.Spec.Losses[i], ProblemPlace.LossAt(i));
    }

    private void Check(LossSpec loss, string place)
    {
        Loss kind = LossRegistry.For(loss);
        IReadOnlyList<int> outputs = network.OutputsOf(loss);
        var own = new HashSet<int>();
        var seen = new List<LossOutput>();
        for (int i = 0; i < outputs.Count; i++)
        {
            string? name = loss.Of.Count == 0 ? null : loss.Of[i];
            if (Fault(outputs[i], name, own) is { } fault)
            {
                Report(DiagnosticDescriptors.LossOutput, kind.OutputArguments[i], name is null ? null : NearestOutput(name),
                    $"{kind.TypeName} {kind.Compares(loss)}", fault);
            }
            seen.Add(Seen(outputs[i]));
        }
        if (double.IsNaN(loss.Factor) || double.IsInfinity(loss.Factor))
        {
            Report(DiagnosticDescriptors.LossArgumentRange, "factor", null, kind.TypeName, "factor", "be a finite number",
                MessageText.Fraction(loss.Factor));
        }
        foreach (LossOutput output in seen.Where(output => output.Shape.HasLengths && !kind.TakesLengths))
        {
            problems.Add(new Problem(DiagnosticDescriptors.NeedsFixedLength, place, null, null, new[]
            {
                kind.TypeName, output.Source, output.Shape.InWords, output.Shape.Axis!, MessageText.Number(output.Shape.Dimensions[0]),
            }.ToEquatableArray()));
            return;
        }
        kind.Check(loss, new LossContext(kind.TypeName, seen, problems) { Place = place });

        void Report(Microsoft.CodeAnalysis.DiagnosticDescriptor descriptor, string argument, string? near, params string[] arguments)
            => problems.Add(new Problem(descriptor, place, argument, null, arguments.ToEquatableArray())
            {
                Fix = ProblemFix.Name(near),
            });
    }

    /// <summary>What is wrong with an output that a loss names, or leaves unnamed; null for nothing.</summary>
    /// <param name="own">Those of the same loss so far.</param>
    private string? Fault(int output, string? name, HashSet<int> own)
    {
        string names = MessageText.List(network.Outputs.Select(port => $"'{port.Name}'").ToArray());
        if (output < 0 && name is null)
            return $"the network has {MessageText.Number(network.Outputs.Count)} outputs: write Of = \"…\", one of {names}";
        if (output < 0)
            return $"there is no output '{name}'; there {(network.Outputs.Count == 1 ? "is" : "are")} {names}";
        string found = network.Outputs[output].Name;
        if (!own.Add(output))
            return $"it names '{found}' twice";
        if (!_taken.Add(output))
            return $"another loss is of '{found}' already: publish it twice, by two Output attributes, to give it two losses";
        return null;
    }

    private LossOutput Seen(int output)
    {
        bool isKnown = output >= 0 && !isGuess;
        string name = output < 0 ? "" : network.Outputs[output].Name;
        return new LossOutput(isKnown ? network.Outputs[output].Shape : TensorShape.Unknown,
            network.Outputs.Count == 1 ? source : $"'{name}'");
    }

    private string? NearestOutput(string name)
        => network.Outputs.Any(output => output.Name == name) ? null
            : EditDistance.Nearest(name, network.Outputs.Select(output => output.Name));
}
