using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The sums of vectors of neighbouring channels, each lane by itself.</summary>
internal sealed class BatchNormChannelSums(SourceWriter writer, VectorIsa isa, Layout input, Layout? gradient, string finish)
    : BatchNormSums(writer, isa, input, gradient, finish)
{
    /// <summary>Vectors of a block of 16 channels.</summary>
    private int Parts => Layout.Block / Isa.Lanes;

    private string Wide => $"{Isa.Static}<double>";

    /// <summary>Two chains of sums, for one would wait for itself; few pixels have one.</summary>
    private int Chains => Shape.Run / Layout.Block >= 4 ? 2 : 1;

    public override void Emit()
    {
        Line(TaskShare.Loop(Shape.Planes * Parts, "vector"));
        using (Writer.Block())
        {
            foreach ((string name, Layout layout) in Operands)
            {
                string plane = Int(ShapeOf(layout).PlaneStride), parts = Int(Parts);
                Line(Parts == 1
                    ? $"float* {name}Plane = {name} + vector * {plane};"
                    : $"float* {name}Plane = {name} + vector / {parts} * {plane} + vector % {parts} * {Int(Isa.Lanes)};");
            }
            EmitPivot();
            Line($"{Wide} sumLower = {Wide}.Zero, sumUpper = {Wide}.Zero, productLower = {Wide}.Zero, productUpper = {Wide}.Zero;");
            using (Writer.Block("for (int n = 0; n < samples; n++)"))
                EmitSample();
            Line($"long count = samples * {Pixels}L;");
            EmitLanes();
        }
    }

    private void EmitPivot()
    {
        if (!IsPivotMeasured)
        {
            Line($"{Isa.Type} pivot = {Isa.Load($"statistics + vector * {Int(Isa.Lanes)}")};");
            return;
        }
        Line($"{Isa.Type} pivot = {Isa.Zero};");
        EachRowOfFirst(() =>
        {
            using (Writer.Block($"for (int i = 0; i < {Int(Shape.Run)}; i += 16)"))
                Line($"pivot += {Isa.Load("x + i")};");
        });
        Line($"pivot *= {Isa.Broadcast($"1f / {Pixels}")};");
    }

    private void EmitSample()
    {
        int pixels = Shape.Run / Layout.Block, paired = pixels / Chains * Chains;
        for (int chain = 0; chain < Chains; chain++)
            Line($"{Isa.Type} s{Int(chain)} = {Isa.Zero}, q{Int(chain)} = {Isa.Zero};");
        EachRowOfSample(() =>
        {
            EachPixel("0", paired * Layout.Block, Chains * Layout.Block, () =>
            {
                for (int chain = 0; chain < Chains; chain++)
                    Accumulate(chain);
            }, EndBlock);
            if (paired < pixels)
            {
                using (Writer.Block())
                {
                    Line($"int i = {Int(paired * Layout.Block)};");
                    Accumulate(0);
                }
            }
        }, pixels / Chains, EndBlock);
        using (Writer.Block())
            Widen();
    }

    private void EndBlock()
    {
        using (Writer.Block())
            Widen();
        Line($"{string.Join(" = ", Enumerable.Range(0, Chains).Select(chain => $"s{Int(chain)} = q{Int(chain)}"))} = {Isa.Zero};");
    }

    /// <summary>Adds the sums to those in double precision.</summary>
    private void Widen()
    {
        Line($"({Wide} lower, {Wide} upper) = {Isa.Static}.Widen({(Chains == 1 ? "s0" : "s0 + s1")});");
        Line("sumLower += lower;");
        Line("sumUpper += upper;");
        Line($"(lower, upper) = {Isa.Static}.Widen({(Chains == 1 ? "q0" : "q0 + q1")});");
        Line("productLower += lower;");
        Line("productUpper += upper;");
    }

    /// <summary>The sums of each lane's channel.</summary>
    private void EmitLanes()
    {
        using (Writer.Block($"for (int lane = 0; lane < {Int(Isa.Lanes)}; lane++)"))
        {
            Line($"int channel = vector * {Int(Isa.Lanes)} + lane;");
            if (Input.Channels % Isa.Lanes != 0)
            {
                Line($"if (channel >= {Int(Input.Channels)})");
                using (Writer.Indent())
                    Writer.Line("break;");
            }
            if (IsPivotMeasured)
                Line("float middle = pivot.GetElement(lane);");
            Line($"double sum = {OfLane("sum")};");
            Line($"double product = {OfLane("product")};");
            EmitFinish();
        }

        string OfLane(string sum)
        {
            string half = Int(Isa.Lanes / 2);
            return $"lane < {half} ? {sum}Lower.GetElement(lane) : {sum}Upper.GetElement(lane - {half})";
        }
    }
}
