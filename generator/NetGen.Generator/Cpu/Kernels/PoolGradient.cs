using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The gradient of a pool's input: windows are visited by the pool's output pixel, and each adds to what it covers.</summary>
/// <param name="mask">The activation whose derivative is fused, and the layout of what it saved.</param>
internal abstract class PoolGradient(
    string name, string summary, PoolWindows pool, Layout gradient, Layout output, (Activation Kind, Layout Layout)? mask)
{
    protected PoolWindows Pool { get; } = pool;

    protected Layout Output { get; } = output;

    protected (Activation Kind, Layout Layout)? Mask { get; } = mask;

    /// <summary>What it reads besides the output's gradient.</summary>
    protected abstract IEnumerable<(string Name, Layout Layout)> Others { get; }

    /// <summary>One window, whose gradient is in the variable <c>gradient</c> and whose first element is at <c>dx</c>.</summary>
    protected abstract void EmitWindow(SourceWriter writer, VectorIsa isa, KernelNames names, string part);

    /// <summary>Behind all windows of a plane.</summary>
    protected virtual void EmitPlaneEnd(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
    }

    public Kernel Create()
    {
        List<(string Name, Layout Layout)> operands = [("outputGradient", gradient), .. Others];
        string fused = Mask is null ? "" : $" Derivative of {Mask.Value.Kind} fused.";
        return new Kernel(name, summary, Elementwise.Describe(operands, Output) + fused,
            [.. operands.Select(o => Floats(o.Name)), Floats("output"), CountOf(Output)], (writer, isa, names) =>
        {
            string advance = string.Concat(operands.Select(o => $"{o.Name} += {Literals.Int(o.Layout.SampleStride)}, "));
            using (writer.Block($"for (int n = 0; n < {CountOf(Output).Name}; n++, "
                + $"{advance}output += {Literals.Int(Output.SampleStride)})"))
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(Output.Planes)}; plane++)"))
            {
                PoolWindowText.EmitClear(writer, Pool, Output);
                EmitWindows(writer, isa, names);
                EmitPlaneEnd(writer, isa, names);
            }
        });
    }

    private void EmitWindows(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        bool hasParts = isa.Lanes < Layout.Block;
        string part = hasParts ? " + part" : "";
        using var loops = new BlockStack(writer);
        loops.Open($"for (int row = 0; row < {Literals.Int(gradient.Height)}; row++)");
        PoolWindowText.EmitClip(writer, Pool, rows: true);
        loops.Open($"for (int column = 0; column < {Literals.Int(gradient.Width)}; column++)");
        PoolWindowText.EmitClip(writer, Pool, rows: false);
        if (hasParts)
            loops.Open($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
        writer.Line($"float* dx = output + {Pool.At(Output)}{part};");
        writer.Line($"{isa.Type} gradient = {isa.Load($"outputGradient + {PoolWindowText.AtPooled(gradient)}{part}")};");
        EmitWindow(writer, isa, names, part);
    }
}
