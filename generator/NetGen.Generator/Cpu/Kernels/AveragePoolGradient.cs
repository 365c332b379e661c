using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Of an average: every element of a window has the same gradient.</summary>
internal sealed class AveragePoolGradient(
    string name, string summary, PoolWindows pool, Layout gradient, Layout output, (Activation Kind, Layout Layout)? mask)
    : PoolGradient(name, summary, pool, gradient, output, mask)
{
    protected override IEnumerable<(string Name, Layout Layout)> Others => Mask is { } m ? [("saved", m.Layout)] : [];

    protected override void EmitWindow(SourceWriter writer, VectorIsa isa, KernelNames names, string part)
    {
        if (Mask is { } saved && Pool.IsDisjoint)
            writer.Line($"float* s = saved + {Pool.At(saved.Layout)}{part};");
        writer.Line($"gradient *= {isa.Broadcast(Pool.Scale)};");
        PoolWindowText.EmitTaps(writer, Pool, "s", Mask?.Layout ?? Output, "dx", Output, (s, dx) =>
        {
            string value = !Pool.IsDisjoint ? $"({isa.Load(dx)} + gradient)"
                : Mask is { } m ? $"({m.Kind.ApplyDerivative(isa, names, "gradient", isa.Load(s))})"
                : "gradient";
            writer.Line(isa.Store(value, dx));
        });
    }

    protected override void EmitPlaneEnd(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        if (Mask is not { } late || Pool.IsDisjoint)
            return;
        writer.Line($"// Derivative of {late.Kind}, once all windows have added their part.");
        using (writer.Block($"for (int row = 0; row < {Literals.Int(Output.Height)}; row++)"))
        using (writer.Block($"for (int i = 0; i < {Literals.Int(Output.Width * Layout.Block)}; i += {Literals.Int(isa.Lanes)})"))
        {
            writer.Line($"float* dx = output + {PoolWindowText.Row(Output)} + i;");
            writer.Line($"float* s = saved + {PoolWindowText.Row(late.Layout)} + i;");
            writer.Line($"{isa.Type} gradient = {isa.Load("dx")}, value = {isa.Load("s")};");
            writer.Line(isa.Store($"({late.Kind.ApplyDerivative(isa, names, "gradient", "value")})", "dx"));
        }
    }
}
