using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Normalisation with channel lanes: a vector holds the same pixel of neighbouring channels.</summary>
internal abstract class NormBlocks(NormGeometry norm, Layout input, SourceWriter writer, VectorIsa isa)
    : NormLanes(norm, input, writer, isa)
{
    private bool HasWholeBlocks => Isa.Lanes == Layout.Block;

    /// <summary>The place of a row's statistics.</summary>
    protected string RowStatistics => HasWholeBlocks
        ? $"channel * {Int(Norm.Height)} + row * 16"
        : $"(channel >> 4) * {Int(Norm.Height * Layout.Block)} + row * 16 + (channel & 15)";

    /// <summary>Place of an element's weight: the same blocks of 16 channels, without a halo.</summary>
    private string ElementOffset => HasWholeBlocks
        ? $"(channel * {Int(Norm.Height)} + row * 16) * {Int(Norm.Width)} + i"
        : $"((channel >> 4) * {Int(Norm.Height)} + row) * {Int(Norm.Width * Layout.Block)} + i + (channel & 15)";

    /// <summary>Index of the weight that all channels share at a pixel.</summary>
    protected virtual string PixelIndex => $"row * {Int(Norm.Width)} + (i >> 4)";

    protected override string SetStatistics => "statistics + channel";

    protected override string Factor(string pointer, string ofSet) => Norm.Affine switch
    {
        NormAffine.Channel => ofSet,
        NormAffine.Element => Isa.Load($"{pointer} + {ElementOffset}"),
        _ => Isa.Broadcast($"{pointer}[{PixelIndex}]"),
    };

    protected override void DeclareFactors(bool withBias)
    {
        if (Norm.Affine == NormAffine.Channel)
            Line($"{Isa.Type} scale = {Isa.Load("weight + channel")}{(withBias ? $", shift = {Isa.Load("bias + channel")}" : "")};");
    }

    public override void Forward(Layout output, Activation? activation, KernelNames names)
    {
        EmitForward(output, activation, names);
        // The shift of a row or plane reaches unused lanes too, and some activations lift zero.
        bool isShifted = Norm.HasBias && Norm.Affine is NormAffine.Plane or NormAffine.Row;
        if (Norm.Channels % Layout.Block != 0 && (activation is { KeepsZero: false } || isShifted))
            Elementwise.EmitClearPaddingLanes(Writer, output, Norm.Channels);
    }

    /// <summary>The result, but for what reaches unused lanes.</summary>
    protected virtual void EmitForward(Layout output, Activation? activation, KernelNames names) => base.Forward(output, activation, names);

    public override void ParameterGradient(Layout gradient)
    {
        switch (Norm.Affine)
        {
            case NormAffine.Channel:
                ParametersByChannel(gradient);
                break;
            case NormAffine.Element:
                ParametersByElement(gradient);
                break;
            default:
                ParametersByPixel(gradient, perRow: Norm.Affine == NormAffine.Row);
                break;
        }
    }

    private void ParametersByChannel(Layout gradient)
    {
        Line(TaskShare.Loop(Padded / Isa.Lanes, "vector"));
        using (Writer.Block())
        {
            Line($"int channel = vector * {Int(Isa.Lanes)};");
            var total = new LongSum(Writer, Isa, ParameterSums);
            total.Declare();
            total.EachPixel(Count, Norm.Height, Norm.Width * Layout.Block, Layout.Block,
                () => LoadStatistics($"statistics + {Sample(Statistics)} + channel"),
                () => DeclareRows(SampleOf(Dy(gradient)), SampleOf(X)),
                AddToParameterSums);
            total.End();
            StoreParameterSums("channel");
        }
    }

    private void ParametersByElement(Layout gradient)
    {
        Line(TaskShare.Loop(Padded / Isa.Lanes * Norm.Height, "task"));
        using (Writer.Block())
        {
            Line($"int channel = task / {Int(Norm.Height)} * {Int(Isa.Lanes)}, row = task % {Int(Norm.Height)};");
            EachColumn(() =>
            {
                var total = new LongSum(Writer, Isa, ParameterSums);
                total.Declare();
                total.EachSample(Count, () =>
                {
                    LoadStatistics($"statistics + {Sample(Statistics)} + channel");
                    DeclareRows(SampleOf(Dy(gradient)), SampleOf(X));
                    AddToParameterSums();
                });
                total.End();
                StoreParameterSums(ElementOffset);
            });
        }
    }

    /// <summary>A weight for each pixel, or for each column: summed over the lanes at the end.</summary>
    /// <param name="perRow">All rows have the same weights.</param>
    private void ParametersByPixel(Layout gradient, bool perRow)
    {
        Line(TaskShare.Loop(perRow ? Norm.Width : Norm.Height * Norm.Width, "task"));
        using (Writer.Block())
        {
            if (!perRow)
                Line($"int row = task / {Int(Norm.Width)};");
            Line($"int i = {(perRow ? "task" : $"task % {Int(Norm.Width)}")} * 16;");
            var total = new LongSum(Writer, Isa, ParameterSums);
            total.Declare();
            using (EachChannelVector())
            {
                total.EachSample(Count, () =>
                {
                    using (perRow ? Writer.Block($"for (int row = 0; row < {Int(Norm.Height)}; row++)") : (SourceWriter.Scope?)null)
                    {
                        LoadStatistics($"statistics + {Sample(Statistics)} + {(Norm.PerRow ? RowStatistics : "channel")}");
                        DeclareRows(SampleOf(Dy(gradient)), SampleOf(X));
                        AddToParameterSums();
                    }
                }, perRow ? Norm.Height : 1);
            }
            StoreParameterSums(total, "task");
        }
    }

    private static string Sample(Layout layout) => $"n * (long){Int(layout.SampleStride)}";

    private static NormOperand SampleOf(NormOperand operand) => operand with { Pointer = $"{operand.Pointer} + {Sample(operand.Layout)}" };

    protected SourceWriter.Scope EachChannelVector() => Writer.Block(ChannelVectors);

    protected string ChannelVectors => $"for (int channel = 0; channel < {Int(Padded)}; channel += {Int(Isa.Lanes)})";

    /// <summary>Where the row of the operand's channels begins.</summary>
    protected string RowOf(NormOperand operand)
    {
        string lane = HasWholeBlocks ? "" : " + (channel & 15)";
        Layout layout = operand.Layout;
        return $"{operand.Pointer} + (channel >> 4) * {Int(layout.PlaneStride)}{lane} + row * {Int(layout.RowStride)}{At(layout.Origin)}";
    }

    protected void DeclareRows(params NormOperand[] operands)
    {
        foreach (NormOperand operand in operands)
            Line($"float* {operand.Name} = {RowOf(operand)};");
    }

    protected void EachColumn(Action body)
    {
        using (Writer.Block($"for (int i = 0; i < {Int(Norm.Width * Layout.Block)}; i += 16)"))
            body();
    }
}
