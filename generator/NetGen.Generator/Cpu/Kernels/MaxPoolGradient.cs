using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Of a maximum: the gradient goes to where the maximum was, which is found again from the pool's input and output.</summary>
internal sealed class MaxPoolGradient(
    string name, string summary, PoolWindows pool, Layout gradient, Layout input, Layout pooled, Layout output,
    (Activation Kind, Layout Layout)? mask)
    : PoolGradient(name, summary, pool, gradient, output, mask)
{
    protected override IEnumerable<(string Name, Layout Layout)> Others => [("input", input), ("pooled", pooled)];

    protected override void EmitWindow(SourceWriter writer, VectorIsa isa, KernelNames names, string part)
    {
        writer.Line($"float* x = input + {Pool.At(input)}{part};");
        writer.Line($"{isa.Type} largest = {isa.Load($"pooled + {PoolWindowText.AtPooled(pooled)}{part}")};");
        if (Mask is { } m)
            writer.Line($"gradient = {m.Kind.ApplyDerivative(isa, names, "gradient", "largest")};");
        // Where no two windows have an element in common, nothing is there yet.
        PoolWindowText.EmitPlaces(writer, isa, Pool, input, "dx", Output, (dx, isLeft) =>
            writer.Line(isa.Store(Pool.IsDisjoint && !isLeft ? "(gradient & hit)" : $"({isa.Load(dx)} + (gradient & hit))", dx)));
    }
}
