using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The sums of single channels, whose lanes are samples: those that hold none are left out.</summary>
internal sealed class BatchNormSampleSums(SourceWriter writer, VectorIsa isa, Layout input, Layout? gradient, string finish)
    : BatchNormSums(writer, isa, input, gradient, finish)
{
    public override void Emit()
    {
        Line(TaskShare.Loop(Input.Channels, "channel"));
        using (Writer.Block())
        {
            foreach ((string name, Layout layout) in Operands)
                Line($"float* {name}Plane = {name} + channel * {Int(layout.PlaneStride)};");
            if (IsPivotMeasured)
                EmitMiddle();
            Line($"{Isa.Type} pivot = {Isa.Broadcast(IsPivotMeasured ? "middle" : "statistics[channel]")};");
            Line("double sum = 0, product = 0;");
            using (Writer.Block("for (int n = 0; n < samples; n += 16)"))
                EachPart("samples - n - part", EmitPart);
            Line($"long count = samples * {Pixels}L;");
            EmitFinish();
        }
    }

    /// <summary>The mean of the first block of samples.</summary>
    private void EmitMiddle()
    {
        Line("float middle = 0;");
        EachPart("samples - part", () =>
        {
            Line($"{Isa.Type} s = {Isa.Zero};");
            EachRowOfFirst(() =>
            {
                using (Writer.Block($"for (int i = part; i < {Int(Shape.Run)}; i += 16)"))
                    Line($"s += {Isa.Load("x + i")};");
            });
            Line($"middle += {OfValid("s")};");
        });
        Line($"middle /= {Pixels}f * Math.Min(16, samples);");
    }

    private void EmitPart()
    {
        Line($"{Isa.Type} s0 = {Isa.Zero}, q0 = {Isa.Zero};");
        EachRowOfSample(() => EachPixel("part", Shape.Run, Layout.Block, () => Accumulate(0), EndBlock),
            Shape.Run / Layout.Block, EndBlock);
        AddLanes();
    }

    private void EndBlock()
    {
        AddLanes();
        Line($"s0 = q0 = {Isa.Zero};");
    }

    private void AddLanes()
    {
        Line($"sum += {OfValid("s0")};");
        Line($"product += {OfValid("q0")};");
    }

    private string OfValid(string vector) => $"{Isa.Static}.Sum({Isa.Static}.ConditionalSelect(valid, {vector}, {Isa.Zero}))";

    /// <summary>
    /// The lanes of a block of 16 samples, in as many vectors as they take; <c>valid</c> selects those that hold a sample.
    /// </summary>
    /// <param name="samples">C# expression: samples from the vector's first lane on.</param>
    private void EachPart(string samples, Action body)
    {
        using (Writer.Block($"for (int part = 0; part < 16; part += {Int(Isa.Lanes)})"))
        {
            Line($"{Isa.Type} valid = {Isa.Static}.LessThan({LaneIndices(Isa)}, {Isa.Broadcast($"(float)({samples})")});");
            body();
        }
    }
}
