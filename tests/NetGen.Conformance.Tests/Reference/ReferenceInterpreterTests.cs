using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Reference;

/// <summary>The interpreter that judges the generated code is judged itself: by PyTorch's results and by finite differences.</summary>
public sealed class ReferenceInterpreterTests
{
    public static TheoryData<string> Goldens => GoldenFile.NameTable;

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Agrees_with_PyTorch(string name)
    {
        GoldenFile golden = GoldenFile.Read(name);
        var interpreter = new ReferenceInterpreter(golden.Stack, golden.Parameters);
        ReferenceResult result = interpreter.Run(golden.Inputs, golden.Targets, golden.Count)[0];

        // Both compute in double precision: no error but the file's own rounding to float32, and a little.
        static double[] Small(Estimate estimate) => Array.ConvertAll(estimate.Values, v => 1e-13 * (1 + Math.Abs(v)));
        for (int i = 0; i < result.Outputs.Count; i++)
        {
            Port port = golden.Stack.Outputs[i];
            golden.Check(GoldenFile.Entry("output", port), result.Outputs[i].Values, Small(result.Outputs[i]));
            if (golden.HasBatchStatistics)
                golden.Check(GoldenFile.Entry("evaluation", port), result.Evaluations[i].Values, Small(result.Evaluations[i]));
        }
        foreach ((string bufferName, Estimate buffer) in result.Buffers)
            golden.Check("after." + bufferName, buffer.Values, Small(buffer));
        if (golden.Loss is double loss)
            // Constants of losses, such as an eps of 0.001, are rounded to float32 here, as in emitted code.
            Assert.Equal(loss, result.Loss, 1e-10);
        foreach (int i in Enumerable.Range(0, result.InputGradients.Count).Where(i => !golden.Stack.Inputs[i].IsInts))
            golden.Check("grad." + golden.Stack.Inputs[i].Name, result.InputGradients[i].Values, Small(result.InputGradients[i]));
        foreach (int i in golden.Stack.WithGradient.Where(i => golden.Stack.Parameters[i].IsLearned))
            golden.Check("grad." + golden.Stack.Parameters[i].Name, result.ParameterGradients[i].Values,
                Small(result.ParameterGradients[i]));
    }

    public static TheoryData<string> SmallStacks => new(
        // Values with several readers, with none, and several inputs; what the generator does not have is compared with differences only.
        "in:4 linear@a:3 tanh linear@b:3 add:a,b linear:2 mse", "in:4 linear@a:3 tanh@t linear:3 from:a sigmoid add:t mse",
        "in:3 linear@a:4 in@b:5 linear:4 add:a mse", "in:3 in@b:2 bil:4,input tanh bil:3,b ce",
        "in:2 linear@a:3 add:a res[ linear:3 add:a ] ce",
        // Several inputs, outputs and losses; parameters that several layers use.
        "in:3x2x2 conv:2,k2 flatten tanh@s in@b:3 linear:2 add:s out:f linear:3 out:kind from:f linear:2 out:box ce:of=kind mse:of=box,factor=0.5",
        "in@a:4 linear@l:3 tanh out:x in@b:4 linear:3,&l out:y concat:x linear:2 out:z", "in:4 out:raw linear:3 out:p out:q l1:of=q mse:of=p,sum,factor=-2",
        "in:3 linear@a:3 tanh linear:3,&a tanh linear:3,&a mse",
        "in:2x3x3 seq[@t conv:2,k3,p1 bn relu ] from:input seq[@u:&t conv:2,k3,p1 bn relu ] sub:t flatten linear:2 ce",
        // Joins: each function, what is broadcast on either side and on both, numbers, blocks, the input.
        "in:4 linear@a:4 tanh mul:a sub:input add:.,a,input linear:2 mse",
        "in:4 linear@a:4 sigmoid addc:0.5 div:input,. maximum:a minimum:input",
        "in:3x2x4 mul[ identity | aavg:1 conv:3,k1 sigmoid ] sub[ conv:1,k1 | conv:2,k1 aavg:1x_ ]",
        "in:3x2x3 div[ aavg:_x1 | conv:1,k1 softplus addc:0.5 ]",
        "in:2x3x2 maximum[ aavg:1 | conv:1,k1 | identity ] minimum[ identity | aavg:1x_ ] mse",
        "in:3x4 add[ conv:1,k1 | aavg:1 | identity ] mse",
        "in:5 add[ linear:3 | linear:1 ] mul[ linear:1 | identity ] mulc:-0.7 subc:0.2 divc:3 addc:0.1 maximumc:-0.1 minimumc:0.3 ce",
        "in:2x3x4 conv@a:3,k3,p1 tanh concat:a,input,. concat:.,.,dim2 conv:2,k2 concat[:dim-1 relu | identity ]",
        "in:3x4 concat:.,input,dim2 tanh concat:.,.",
        "in:4 linear@input:3 tanh mul:input", "in:4 linear:4 res[ tanh from:input sigmoid add:tanh1 seq[ linear:4 mul:input ] ] ce",
        "in:3x2x2 concat[@c conv:2,k1 tanh | mul[ identity | aavg:1 ] sub:input ] add[ identity | from:c.branch1.conv1 aavg:1 conv:1,k1 ] mse",
        "in:2x5x4 conv:3,k3x2,s2x1,p1x0",
        "in:3x4x4 conv:2,k3,s1,p2,nobias mse",
        "in:2x6x5 conv:3,k3x2,d2x3,s2x1,p2x1", "in:4x5x4 conv:6,k3,p1,g2", "in:3x5x4 conv:6,k2,g3 mse",
        "in:2x4x4 conv:3,k4x3,same,reflect", "in:2x4x3 conv:3,k3,p2,replicate",
        "in:2x4x3 conv:3,k3,p3,circular", "in:4x9 conv:6,k3,s2,p1,d2,g2",
        "in:2x4x3 zeropad:1x0x2x1 reflectionpad:2x1x0x3 replicationpad:0x3x1x1",
        "in:4x3x3 convt:6,k3,s2,p1,o1,g2", "in:2x3x3 convt:3,k2x3,s3x1,d2,o1x1,nobias mse",
        "in:4 linear:3 ce",
        "in:4 linear:3,nobias mse",
        "in:4 linear@a:3 tanh linear:2 bil:3,a mse", "in:3 identity@a bil:2,a",
        "in:4 seq[@e linear@a:3 tanh ] linear:2 bil:3,e.a,nobias bil:2,e ce",
        "in:2x5x5 max:k3,s2,p1,ceil",
        "in:2x5x5 avg:k3,s2,p1,ceil",
        "in:2x5x5 avg:k3,s2,p1,ceil,nopad",
        "in:2x6x5 max:k2,s1,p1,d2", "in:2x5x5 avg:k3,s2,p1,by-4", "in:2x7 max:k3,s2,p1,ceil", "in:2x7 avg:k3,s2,p1,ceil,nopad",
        "in:2x5x7 amax:3x2", "in:3x7 amax:3",
        "in:2x3x4 up:2", "in:2x3x4 up:1.7x2.3,linear", "in:2x5x4 up:o3x7,linear,align", "in:2x5 up:3,linear", "in:2x5x4 flatten:2,3",
        "in:12 unflatten:1,3x2x-1",
        "in:2x5x7 aavg:3x2", "in:2x3x2 aavg:5", "in:3x7 aavg:3",
        "in:9 relu", "in:9 sigmoid", "in:9 tanh", "in:9 gelu", "in:9 gelutanh", "in:5 softmax", "in:2x2x3 flatten",
        "in:6 logsoftmax", "in:7 prelu", "in:7 prelu:7", "in:3x2x4 prelu mse", "in:3x2x4 prelu:3",
        "in:7 layernorm", "in:2x3x4 layernorm", "in:2x3x4 layernorm:3x4", "in:2x3x4 layernorm:4,nobias,eps0.1", "in:3x5 layernorm:5",
        "in:2x3x4 rmsnorm:4", "in:9 rmsnorm:plain",
        "in:6x2x3 groupnorm:3 mse", "in:6 groupnorm:2", "in:3x2x3 instancenorm:affine", "in:3x5 instancenorm",
        "in:9 leakyrelu", "in:9 leakyrelu:-0.5", "in:9 elu", "in:9 elu:0.4", "in:9 selu", "in:9 silu", "in:9 mish", "in:9 hardswish",
        "in:9 hardsigmoid", "in:9 relu6",
        "in:9 hardtanh", "in:9 hardtanh:-0.5,2", "in:9 softplus", "in:9 softplus:2,1",
        "in:6 linear:5 softmax mse",
        "in:4 linear:3 ce:w=1/0.5/2,i=-1,e=0.2", "in:4 linear:3 ce:w=1/0.5/2,e=0.2,prob,sum", "in:4 linear:3 nll:w=1/0.5/2,i=-1",
        "in:4 linear:3 l1", "in:4 linear:3 huber:d=0.3",
        "in:4 linear:3 smoothl1:b=0.3,sum", "in:2x3x3 conv:3,k2 sigmoid bce:w=1/0.5/2", "in:4 linear:3 bcelogits:w=1/0.5/2,p=2/1/3",
        "in:4 linear:3 kl", "in:4 linear:3 kl:log,batchmean",
        "in:4 linear:3 cosine", "in:4 linear:3 cosine:m=-0.9,sum",
        "in:3x2x3 bn", "in:5 bn mse", "in:2x3x3 bn:plain,eps0.5 gelu bn mse",
        "in:2x3x3 conv:3,k2 bn:cumulative res[ conv:3,k3,p1 bn tanh ] flatten linear:3 ce",
        "in:5,int bag:7,3 ce", "in@t:4,int bag@a:5,3,sum,pad2 tanh@b from:t bag:5,3,sum,pad2,&a mul:b linear:2 ce", "in:4,int bag:3,4,max,pad-1 mse",
        "in@t:4,int emb@e:5,1 from:t bag:5,3,sum,pad2,weights=e tanh linear:2 mse",
        "in:3,int emb:4,3,scale2.5 linear:2 mse",
        "in:2x4x4 conv:3,k3,p1 gelu res[ conv:3,k3,p1 tanh res[ conv:3,k1 ] ] max:k2 flatten linear:4 ce");

    [Theory]
    [MemberData(nameof(SmallStacks))]
    public void Gradients_agree_with_finite_differences(string text)
    {
        Stack stack = Stack.Parse(text);
        const int Count = 3;
        const double Step = 1e-6;
        double[][] parameters = ParameterInfo.Values(stack.Parameters, 7).Select(p => Array.ConvertAll(p, x => (double)x)).ToArray();
        double[][] inputs =
        [
            .. stack.Inputs.Select((value, i) => Array.ConvertAll(
                value.IsInts ? stack.Samples(71, Count)[i] : Numbers.Uniform(71 + 10 * i, Count * value.Shape.Size, 2), x => (double)x)),
        ];
        IReadOnlyList<Target> target = Target.All(stack, 72, Count);

        ReferenceResult Run() => new ReferenceInterpreter(stack, parameters).Run(inputs, target, Count)[0];
        double Objective()
        {
            ReferenceResult result = Run();
            return stack.Loss is not null
                ? result.Loss
                : result.Outputs.Zip(target, (y, t) => y.Values.Select((v, i) => v * t.Values[i]).Sum()).Sum();
        }
        void CheckSlope(double[] values, int index, double gradient, string what)
        {
            double original = values[index];
            values[index] = original + Step;
            double above = Objective();
            values[index] = original - Step;
            double below = Objective();
            values[index] = original;
            double slope = (above - below) / (2 * Step);
            Harness.Check.That(Math.Abs(slope - gradient) <= 1e-7 * (1 + Math.Abs(slope)),
                $"{text}, {what}[{index}]: gradient {gradient:R}, finite difference {slope:R}.");
        }

        ReferenceResult reference = Run();
        foreach (int n in stack.FloatInputs)
        {
            for (int i = 0; i < inputs[n].Length; i++)
                CheckSlope(inputs[n], i, reference.InputGradients[n].Values[i], $"input {n}");
        }
        for (int p = 0; p < parameters.Length; p++)
        {
            for (int i = 0; i < parameters[p].Length; i++)
                CheckSlope(parameters[p], i, reference.ParameterGradients[p].Values[i], stack.Parameters[p].Name);
        }
    }

    [Fact]
    public void Results_for_several_counts_come_from_one_run()
    {
        Stack stack = Stack.Parse("in:2x4x4 conv:3,k3,p1 relu flatten linear:4 ce");
        float[][] parameters = ParameterInfo.Values(stack.Parameters, 3);
        float[] input = Numbers.Uniform(5, 3 * stack.Input.Size);
        Target target = Target.For(stack, 6, 3);
        var interpreter = new ReferenceInterpreter(stack, parameters);
        IReadOnlyList<ReferenceResult> together = interpreter.Run(input, target, 1, 3);
        ReferenceResult first = interpreter.Run(input.AsSpan(0, stack.Input.Size), target, 1)[0];
        Assert.Equal(first.Loss, together[0].Loss);
        Assert.Equal(first.ParameterGradients[0].Values, together[0].ParameterGradients[0].Values);
        Assert.NotEqual(together[0].ParameterGradients[0].Values, together[1].ParameterGradients[0].Values);
    }

    [Fact]
    public void Dropout_scales_by_its_mask_forward_and_backward()
    {
        Stack stack = Stack.Parse("in:2x2x2 drop2d:0.5 flatten drop:0.25");
        // Channel 1 dropped by the first layer, element 2 by the second.
        double Scale(string path, int sample, int element) => path == "dropout1" ? (element == 0 ? 2 : 0) : (element == 2 ? 0 : 4.0 / 3);
        var ones = new float[8];
        Array.Fill(ones, 1f);
        var interpreter = new ReferenceInterpreter(stack, Array.Empty<float[]>(), Scale);
        ReferenceResult result = interpreter.Run(ones, new Target { Values = ones }, 1)[0];
        double[] expected = [8.0 / 3, 8.0 / 3, 0, 8.0 / 3, 0, 0, 0, 0];
        Assert.Equal(expected, result.Output.Values);
        Assert.Equal(expected, result.InputGradient.Values);
    }
}
