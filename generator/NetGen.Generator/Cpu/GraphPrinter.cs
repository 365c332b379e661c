using System.Text;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>A graph as text, one node a line: what the MSBuild property NetGenPrintGraph shows after each pass.</summary>
internal sealed class GraphPrinter
{
    private readonly StringBuilder _text = new();

    public void Print(string pass, Graph graph)
    {
        _text.Append(pass).Append('\n');
        foreach (Node node in graph.Nodes)
        {
            string inputs = string.Join(", ", node.Inputs.Select(Describe));
            string fused = node.Op switch
            {
                IHasResidual { Residual: not null }
                    => $" + residual, {(node.Op as IHasEpilogue)?.Activation?.ToString() ?? "no activation"}",
                IHasEpilogue { Activation: { } activation } => $" + {activation}",
                IHasGradientMask { Mask: { } mask } => $" · derivative of {mask.Activation}",
                ChainOp chain => $" · {Literals.Int(chain.Steps.Count)} layers in one loop",
                _ => "",
            };
            _text.Append("    ").Append(node.Name).Append(node.Verb).Append('(').Append(inputs).Append(')').Append(fused)
                .Append(node.Output is null ? "" : " → " + Describe(node.Output)).Append('\n');
        }
        _text.Append('\n');
    }

    private static string Describe(Value value)
        => value.Name + " " + value.Shape + (value.HasLayout ? " as " + value.Layout : "")
            + (value.AliasOf is { } whole ? " = view of " + Literals.Plus(whole.Name, value.AliasStart) : "");

    /// <summary>The text as C# comments.</summary>
    public string ToComments() => string.Concat(_text.ToString().TrimEnd('\n').Split('\n').Select(line => ("// " + line).TrimEnd() + "\n"));
}
