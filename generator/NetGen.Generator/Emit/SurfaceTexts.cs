using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>What session and trainer have in common.</summary>
internal static class SurfaceTexts
{
    /// <summary>What a core gives each thread: a type of the core's.</summary>
    public static readonly SurfaceParameter Share = new("in Share", "share");

    /// <param name="most">The property that says how many samples there may be.</param>
    public static IEnumerable<string> AboutInputs(IReadOnlyList<SurfacePort> inputs, string most) => inputs.Select((port, i) => Doc.Param(
        port.SpanName,
        (port.Axis is null ? $"n samples of {Literals.Int(port.Shape.Size)} values, each {port.Shape} in row-major order"
            : $"The {(port.Shape.IsInts ? "ints" : "values")} of n samples, one sample's behind the other's, "
                + $"{port.PerPosition} for each position")
        + (port.Port.IndexLimit is { } limit ? $", from 0 to {Literals.Int(limit - 1)}" : "")
        + (i == 0 ? $"; n from 1 to <see cref=\"{most}\"/>." : ".")))
        .Concat(SurfaceAxis.FirstOf(inputs).Select(given => Doc.Param(given.Axis.Lengths,
            $"How many positions each of the n samples has, 1 to {given.Axis.Most}.")));

    /// <summary>The parameters by which a call is given inputs, with the lengths of their samples.</summary>
    public static IEnumerable<SurfaceParameter> Reads(IReadOnlyList<SurfacePort> inputs)
    {
        IReadOnlyList<(SurfacePort Input, SurfaceAxis Axis)> lengths = SurfaceAxis.FirstOf(inputs);
        return inputs.SelectMany(input =>
            lengths.Where(given => given.Input == input).Select(given => given.Axis.Parameter).Prepend(input.Read));
    }

    /// <summary>What inputs of ints are checked for beyond their lengths.</summary>
    /// <param name="otherwise">What is true then.</param>
    public static IEnumerable<string> IndexException(IReadOnlyList<SurfacePort> inputs, string otherwise)
        => If(inputs.Any(port => port.Port.IndexLimit is not null), Doc.Throws("System.ArgumentOutOfRangeException",
            $"A value of {string.Join(" or ", inputs.Where(port => port.Port.IndexLimit is not null).Select(port => port.SpanName))} "
                + $"is the number of no row; {otherwise}"));

    /// <summary>Statements that find the number of samples from the inputs, which must agree, and check ints.</summary>
    public static IEnumerable<string> CountSamples(IReadOnlyList<SurfacePort> inputs)
    {
        IReadOnlyList<(SurfacePort Input, SurfaceAxis Axis)> lengths = SurfaceAxis.FirstOf(inputs);
        for (int i = 0; i < inputs.Count; i++)
        {
            SurfacePort port = inputs[i];
            if (lengths.FirstOrDefault(given => given.Input == port).Axis is { } axis)
            {
                string rest = $"{axis.Most}, out int {axis.Positions}, {Literals.String(axis.Lengths)});";
                yield return i == 0 ? $"int samples = SamplesOf({axis.Lengths}, {rest}" : $"CheckLengths({axis.Lengths}, samples, {rest}";
            }
            yield return i > 0 || port.Axis is not null ? CheckLength(port)
                : $"int samples = SamplesOf({port.Span}.Length, {port.Size}{(port.IsOnly ? "" : ", " + Literals.String(port.SpanName))});";
        }
        foreach (SurfacePort port in inputs.Where(port => port.Port.IndexLimit is not null))
        {
            string limit = Literals.Int(port.Port.IndexLimit!.Value), name = Literals.String(port.SpanName);
            yield return port.Axis is { } axis
                ? $"CheckIndices({port.Span}, {axis.Lengths}, {limit}, {name});"
                : $"CheckIndices({port.Span}, {port.Size}, {limit}, {name});";
        }
    }

    /// <summary>Statements that keep the lengths of a call's samples, behind all checks.</summary>
    public static IEnumerable<string> KeepLengths(IReadOnlyList<SurfacePort> inputs)
        => SurfaceAxis.FirstOf(inputs).Select(given => $"SetLengths({given.Axis.Index}, {given.Axis.Lengths});");

    /// <summary>The statement that checks the length of a span.</summary>
    public static string CheckLength(SurfacePort port) => CheckLength(port, port.Span, port.SpanName);

    /// <param name="method">Checks it.</param>
    public static string CheckLength(SurfacePort port, string span, string name, string method = "CheckLength") => port.Axis is { } axis
        ? $"{method.Replace("Length", "Positions")}({span}.Length, {axis.Positions}, {port.PerPosition}, {Literals.String(name)});"
        : $"{method}({span}.Length, samples, {port.Size}, {Literals.String(name)});";

    /// <summary>The variables for the addresses of ports' spans, which <see cref="Fixed"/> pins.</summary>
    /// <param name="only">What that of an only port is called.</param>
    public static IEnumerable<(string Address, string Span, string Element)> Addresses(IReadOnlyList<SurfacePort> ports, string only)
        => ports.Select(port => (port.Address(only), port.Span, port.Element));

    /// <summary>The statements that keep these addresses in the fields.</summary>
    /// <inheritdoc cref="Addresses"/>
    public static IEnumerable<string> Keep(IReadOnlyList<SurfacePort> ports, string only)
        => ports.Select(port => $"{port.Field} = {port.Address(only)};");

    /// <summary>Pins spans, under the names of <see cref="SurfacePort.Address"/>.</summary>
    public static string Fixed(IEnumerable<(string Address, string Span, string Element)> spans)
        => string.Join(" ", spans.GroupBy(span => span.Element).Select(alike =>
            $"fixed ({alike.Key}* {string.Join(", ", alike.Select(span => $"{span.Address} = {span.Span}"))})"));

    /// <summary>The declarations of the fields that keep addresses.</summary>
    public static string Fields(IEnumerable<(string Field, string Element)> fields)
        => string.Join("\n", fields.GroupBy(field => field.Element).Select(alike =>
            $"private {alike.Key}* {string.Join(", ", alike.Select(field => field.Field))};"));

    /// <summary>The method by which a batch gives an input.</summary>
    public static string Getter(SurfacePort port) => port.Shape.IsInts ? "GetIntInput" : "GetInput";

    /// <summary>The call of a core's constructor.</summary>
    /// <param name="figures">The network's figures, as assignments.</param>
    /// <param name="arguments">Those behind it.</param>
    public static string BaseCall(IReadOnlyList<string> figures, string arguments) => $$"""

            : base(
                new()
                {
                    {{string.Join(",\n            ", figures)}},
                },
                {{arguments}})
        """;

    /// <summary>The widths that kernels are written for, where those are not all.</summary>
    public static IEnumerable<string> Widths(NetworkPlan plan)
    {
        IEnumerable<string> widths = plan.InstructionSets.Select(isa => $"global::NetGen.VectorWidth.Vector{Literals.Int(isa.Bits)}");
        return If(plan.LimitsWidths, $"VectorWidths = new[] {{ {string.Join(", ", widths)} }}");
    }

    /// <summary>A text under a condition.</summary>
    public static IEnumerable<string> If(bool condition, string text) => condition ? [text] : [];

    /// <summary>What the core gives each worker is called as the parameters of the kernels are.</summary>
    public static string OfShare(KernelParameter parameter)
        => parameter.Type == ParameterType.Ints ? throw new InvalidOperationException($"No share has {parameter}.")
            : "share." + char.ToUpperInvariant(parameter.Name[0]) + parameter.Name.Substring(1);
}
