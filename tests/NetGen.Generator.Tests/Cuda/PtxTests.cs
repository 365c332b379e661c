using NetGen.Conformance.Tests.Functions;
using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Tests.Cuda;

/// <summary>PTX that the generator writes, run on the simulated GPU: an element has the bits that it has on the CPU.</summary>
public sealed class PtxTests
{
    public static TheoryData<string> Activations => new(ElementFunctionTable.Activations.Keys);

    public static TheoryData<string> Losses => new(ElementFunctionTable.Losses.Keys);

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_activation_and_its_derivative_have_the_bits_of_the_CPU(string word)
    {
        Activation activation = ElementFunctionTable.Activations[word];
        ActivationFunction function = ActivationFunction.For(activation);
        string kernel = Kernel(3, (writer, inputs) =>
        {
            PtxCode code = new PtxCode(writer).With("input", inputs[0]).With("incoming", inputs[1]);
            PtxFloat value = code.Float(function.Apply(ElementValue.Named("input")), "value");
            code.With("saved", activation.NeedsInput ? inputs[0] : value);
            return [value, code.Float(function.Derivative(ElementValue.Named("incoming"), ElementValue.Named("saved")), "slope")];
        });
        float[] numbers = ElementFunctionTable.Numbers, gradients = [.. numbers.Select((_, i) => 0.7f + i % 5)];
        float[][] results = Run(kernel, [numbers, gradients, numbers], outputs: 2);
        for (int i = 0; i < numbers.Length; i++)
        {
            ElementEvaluator evaluator = new ElementEvaluator(fuses: true).With("input", numbers[i]).With("incoming", gradients[i]);
            float value = evaluator.Number(function.Apply(ElementValue.Named("input")));
            evaluator.With("saved", activation.NeedsInput ? numbers[i] : value);
            float slope = evaluator.Number(function.Derivative(ElementValue.Named("incoming"), ElementValue.Named("saved")));
            AssertSame(value, results[0][i], $"{word}({numbers[i]:R})");
            AssertSame(slope, results[1][i], $"{word}'({numbers[i]:R})");
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_loss_and_its_derivative_have_the_bits_of_the_CPU(string word)
    {
        ElementLoss loss = ElementFunctionTable.ElementOf(ElementFunctionTable.Losses[word]);
        string kernel = Kernel(2, (writer, inputs) =>
        {
            PtxCode code = new PtxCode(writer).With("x", inputs[0]).With("t", inputs[1]);
            foreach (ElementFactor factor in loss.Factors)
                code.With(factor.Name, PtxWriter.Number(factor.Values[0]));
            return code.Run(loss.Program, "result");
        });
        float[] outputs = [.. ElementFunctionTable.Numbers.Where(float.IsFinite)], targets = [.. outputs.Select((_, i) => i % 7 / 6f)];
        float[][] results = Run(kernel, [outputs, targets], outputs: 2);
        for (int i = 0; i < outputs.Length; i++)
        {
            ElementEvaluator evaluator = new ElementEvaluator(fuses: true).With("x", outputs[i]).With("t", targets[i]);
            foreach (ElementFactor factor in loss.Factors)
                evaluator.With(factor.Name, factor.Values[0]);
            float[] expected = evaluator.Run(loss.Program);
            AssertSame(expected[0], results[0][i], $"{word}({outputs[i]:R}, {targets[i]:R})");
            AssertSame(expected[1], results[1][i], $"{word}'({outputs[i]:R}, {targets[i]:R})");
        }
    }

    [Fact]
    public void Sine_and_cosine_have_the_bits_of_the_CPU()
    {
        foreach (ElementFunction function in (ElementFunction[])[Trigonometry.Sin, Trigonometry.Cos])
        {
            string kernel = Kernel(1, (writer, inputs) =>
                [new PtxCode(writer).With("x", inputs[0]).Float(function.Of(ElementValue.Named("x")), "y")]);
            float[] results = Run(kernel, [ElementFunctionTable.Numbers], outputs: 1)[0];
            for (int i = 0; i < results.Length; i++)
            {
                float x = ElementFunctionTable.Numbers[i];
                AssertSame(ElementEvaluator.Call(function, fuses: true, x), results[i], $"{function}({x:R})");
            }
        }
    }

    /// <summary>The text of a kernel, as a user meets it in the debugger of the GPU.</summary>
    [Fact]
    public void A_kernel_can_be_read() => Assert.Equal("""
        // Relu1: (784)
        .visible .entry Relu1Forward(
            .param .u64 .ptr .global input,
            .param .u64 .ptr .global output,
            .param .u32 count
        )
        .maxntid 256, 1, 1
        {
            .reg .b64 %input, %output, %atBytes, %at, %toBytes, %to;
            .reg .b32 %count, %block, %thread, %element;
            .reg .pred %isBehind, %yIsBound;
            .reg .f32 %x, %y;

            ld.param.u64 %input, [input];
            cvta.to.global.u64 %input, %input;
            ld.param.u64 %output, [output];
            cvta.to.global.u64 %output, %output;
            ld.param.u32 %count, [count];
            mov.u32 %block, %ctaid.x;
            mov.u32 %thread, %tid.x;
            mad.lo.s32 %element, %block, 256, %thread;
            setp.ge.s32 %isBehind, %element, %count;
            @%isBehind ret;
            mul.wide.s32 %atBytes, %element, 4;
            add.s64 %at, %input, %atBytes;
            ld.global.f32 %x, [%at];
            setp.gt.f32 %yIsBound, 0f00000000, %x;
            selp.f32 %y, 0f00000000, %x, %yIsBound;
            mul.wide.s32 %toBytes, %element, 4;
            add.s64 %to, %output, %toBytes;
            st.global.f32 [%to], %y;
            ret;
        }

        """, ElementwiseKernel.Write("Relu1Forward", "Relu1: (784)", new Rectifier(), operands: 1));

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(1000)]
    public void A_kernel_computes_every_element_and_no_more(int count)
    {
        string text = PtxWriter.Module([ElementwiseKernel.Write("Sum", "a + b", new Adder(), operands: 2)]);
        using var gpu = new Gpu();
        float[] a = [.. Enumerable.Range(0, count).Select(i => i * 0.5f)], b = [.. a.Select(x => 3 - x * x)];
        ulong output = gpu.Allocate(4L * count);
        gpu.Run(PtxModule.Parse(text).Kernels["Sum"], new LaunchShape(((count + 255) / 256, 1, 1), (256, 1, 1)),
            gpu.Upload(a), gpu.Upload(b), output, count);
        Assert.Equal(a.Zip(b, (x, y) => x + y), gpu.Read<float>(output, count));
    }

    private static string Kernel(int inputs, Func<PtxWriter, PtxFloat[], IReadOnlyList<PtxFloat>> body)
    {
        var writer = new PtxWriter("test", "A test.", 128);
        PtxLong[] from = [.. Enumerable.Range(0, inputs).Select(i => writer.Pointer($"in{i}"))];
        PtxLong to = writer.Pointer("out");
        PtxInt count = writer.Count("count");
        PtxInt element = writer.ThreadOfGrid("element");
        writer.If(writer.Compare("lt", element, count, "isThere"), () =>
        {
            PtxFloat[] values = [.. from.Select(pointer => writer.Load(writer.ElementAddress(pointer, element, "at"), "x"))];
            PtxInt place = element;
            foreach (PtxFloat result in body(writer, values))
            {
                writer.Store(writer.ElementAddress(to, place, "to"), result);
                place = writer.Add(place, count, "place");
            }
        });
        return PtxWriter.Module([writer.Render()]);
    }

    private static float[][] Run(string text, float[][] inputs, int outputs)
    {
        using var gpu = new Gpu();
        int count = inputs[0].Length;
        ulong output = gpu.Allocate(4L * count * outputs);
        object[] arguments = [.. inputs.Select(input => (object)gpu.Upload(input)), output, count];
        gpu.Run(PtxModule.Parse(text).Kernels["test"], new LaunchShape(((count + 127) / 128, 1, 1), (128, 1, 1)), arguments);
        float[] all = gpu.Read<float>(output, count * outputs);
        return [.. all.Chunk(count)];
    }

    private static void AssertSame(float expected, float actual, string what) => Assert.True(
        BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual)
            || (float.IsNaN(expected) && float.IsNaN(actual)),
        $"{what}: {expected:R} on the CPU, {actual:R} on the GPU");

    private sealed class Rectifier : IElementwise
    {
        public bool KeepsZero => true;

        public ElementValue Apply(ElementCode code, IReadOnlyList<ElementValue> operands) =>
            ElementValue.Max(ElementValue.Zero, operands[0]);
    }

    private sealed class Adder : IElementwise
    {
        public bool KeepsZero => true;

        public ElementValue Apply(ElementCode code, IReadOnlyList<ElementValue> operands) => operands[0] + operands[1];
    }
}
