using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>Writes the class that trains: forward, loss, backward and the optimiser's step, phase by phase over all threads.</summary>
internal static class TrainerEmitter
{
    /// <summary>What a trainer implements: an interface for each form of target that is one span, and the common one where there is none.</summary>
    public static string Interfaces(IEnumerable<LossTarget> targets)
    {
        List<string> typed = targets.Where(t => t.Parameters.Count == 1).Select(t => $"global::NetGen.ITrainer<{t.Parameters[0].Type}>").ToList();
        return typed.Count == 0 ? "global::NetGen.ITrainer" : string.Join(", ", typed);
    }

    public static void Emit(SourceWriter writer, NetworkPlan plan)
    {
        IReadOnlyList<LossTarget> targets = KernelFileEmitter.LossTargets(plan);
        List<TargetParameter> targetPointers = targets.SelectMany(t => t.Parameters).GroupBy(p => p.Type).Select(g => g.First()).ToList();
        bool hasLoss = targets.Count > 0;
        string? requirement = plan.Training.Graph.LossNodes.Select(node => node.Op).OfType<LossOp>().SingleOrDefault()?.OutputRequirement;
        string name = plan.Network.Spec.FullName;
        Segments forward = plan.ForwardSegments(), backward = plan.BackwardSegments();
        int forwardBarriers = 2 * forward.BatchCalls.Count, backwardBarriers = 2 * backward.BatchCalls.Count;
        int inputSize = plan.Network.Input.Size, outputSize = plan.Network.Output.Size;
        string weightGradients = plan.GradientsMeet ? "_pool.RunMeeting(this, WeightGradientPhase);" : "_pool.Run(this, WeightGradientPhase);";

        writer.Line("/// <summary>Prepares training of this network's parameters.</summary>");
        writer.Line("/// <param name=\"batchSize\">The largest number of samples of one step.</param>");
        writer.Line("/// <param name=\"optimizer\">What turns gradients into steps.</param>");
        writer.Line("/// <param name=\"options\">Vector width, threads, the seed of dropout, and how gradients are clipped.</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">A parameter group of the optimiser takes no parameter of this network, or one that another group takes too.</exception>");
        writer.Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\">The batch is below 1, or the number of threads negative.</exception>");
        writer.Line("/// <exception cref=\"global::System.PlatformNotSupportedException\">The processor lacks the vector width asked for.</exception>");
        writer.Line($"public {plan.Network.Spec.ModifierOf("CreateTrainer")}Trainer CreateTrainer(int batchSize, global::NetGen.Optimizer optimizer, global::NetGen.TrainerOptions? options = null) => new Trainer(this, batchSize, optimizer, options ?? new global::NetGen.TrainerOptions());");
        writer.Line();
        writer.Line("/// <summary>Training: activations and gradients of one batch, and the optimiser's state. One caller at a time: a call while another is inside is refused with an InvalidOperationException, and nothing is done. The result of a step has the same bits at every number of threads.</summary>");
        using (writer.Block($"public {plan.Network.Spec.ModifierOf("Trainer")}sealed unsafe class Trainer : {Interfaces(targets)}, global::NetGen.CompilerServices.IParallelWork, global::NetGen.CompilerServices.IOwned"))
        {
            writer.Line("// Work that the threads do side by side; between two phases all wait for the last.");
            writer.Line("private const int ForwardPhase = 0, BackwardPhase = 1, StepPhase = 2, WeightGradientPhase = 3, UpdatePhase = 4, PreparePhase = 5, GradientNormPhase = 6;");
            if (forwardBarriers > 0)
            {
                writer.Line();
                writer.Line("// Batch normalisation reads the whole batch before it goes on: the passes come in parts, a phase each, and what needs the batch is a phase between.");
                writer.Line($"private const int FirstForwardPart = 7, ForwardParts = {Literals.Int(forwardBarriers)}, FirstBackwardPart = {Literals.Int(7 + forwardBarriers)}, BackwardParts = {Literals.Int(backwardBarriers)};");
            }
            writer.Line();
            writer.Line("// Floats of working memory for each thread.");
            writer.Line($"private const int ScratchLength = {Literals.Int(plan.Prepared.ScratchLength)};");
            writer.Line();
            writer.Line("private readonly global::NetGen.CompilerServices.AlignedBuffer _parameters, _gradients, _prepared, _scratch, _arena;");
            writer.Line("private readonly global::NetGen.CompilerServices.OptimizerState _state;");
            writer.Line("private readonly global::NetGen.CompilerServices.WorkerPool _pool;");
            writer.Line("private readonly global::NetGen.CompilerServices.Ownership _ownership;");
            writer.Line("private readonly double[] _losses;");
            writer.Line("private readonly long _capacity;");
            writer.Line("private ulong _seed;");
            writer.Line("private float* _input, _inputGradient, _outputGradient, _output;");
            foreach (TargetParameter pointer in targetPointers)
                writer.Line($"private {pointer.Type}* {pointer.Field};");
            if (hasLoss)
            {
                writer.Line("private double* _lossOfSample;");
                writer.Line("private double _lossDivisor;");
                writer.Line("private int _sampleLosses;");
            }
            writer.Line("private int _samples;");
            writer.Line("private uint _step;");
            writer.Line("private bool _wantsInputGradient, _hasForward, _hasGradients;");
            writer.Line();
            using (writer.UncheckedMethod($"internal Trainer({name} network, int batchSize, global::NetGen.Optimizer optimizer, global::NetGen.TrainerOptions options)"))
            {
                writer.Line("global::NetGen.CompilerServices.Guard.Batch(batchSize, \"batchSize\");");
                writer.Line("global::System.ArgumentNullException.ThrowIfNull(optimizer);");
                writer.Line("Network = network;");
                writer.Line("BatchSize = batchSize;");
                writer.Line("Optimizer = optimizer;");
                writer.Line("VectorWidth = global::NetGen.CompilerServices.VectorSupport.Resolve(options.VectorWidth);");
                writer.Line("Threads = global::NetGen.CompilerServices.VectorSupport.ResolveThreads(options.Threads);");
                string learned = plan.Packing.LearnedLength == plan.Packing.Length ? PrivateState.PackedLength : Literals.Int(plan.Packing.LearnedLength);
                writer.Line($"_state = new global::NetGen.CompilerServices.OptimizerState(optimizer, {PrivateState.ListOf("network")}, {learned}, options, VectorWidth);");
                writer.Line("_seed = options.Seed;");
                writer.Line($"_parameters = {PrivateState.ParametersOf("network")};");
                writer.Line("_capacity = (batchSize + 15L) / 16 * 16;");
                writer.Line($"_arena = new global::NetGen.CompilerServices.AlignedBuffer((global::System.IntPtr)({Literals.Int(plan.Training.Memory.PerRowLength)}L * _capacity));");
                writer.Line($"_gradients = new global::NetGen.CompilerServices.AlignedBuffer({PrivateState.PackedLength});");
                writer.Line($"_prepared = new global::NetGen.CompilerServices.AlignedBuffer({Literals.Int(plan.Prepared.Length)});");
                writer.Line("_scratch = new global::NetGen.CompilerServices.AlignedBuffer((global::System.IntPtr)ScratchLength * Threads);");
                writer.Line("_losses = new double[batchSize];");
                writer.Line("_pool = new global::NetGen.CompilerServices.WorkerPool(Threads);");
                writer.Line("Gradients = new Gradients(_gradients);");
                writer.Line("_ownership = new global::NetGen.CompilerServices.Ownership(this, global::NetGen.CompilerServices.Ownership.TrainerRemedy);");
            }
            writer.Line();
            writer.Line("/// <summary>The network whose parameters are trained.</summary>");
            writer.Line($"public {name} Network {{ get; }}");
            writer.Line();
            writer.Line("global::NetGen.INetwork global::NetGen.ITrainer.Network => Network;");
            writer.Line();
            writer.Line("/// <summary>The largest number of samples of one step.</summary>");
            writer.Line("public int BatchSize { get; }");
            writer.Line();
            SessionEmitter.EmitSizes(writer, "ITrainer");
            EmitBatchSizes(writer, plan, targets);
            writer.Line("/// <summary>What turns gradients into steps; its learning rate may be changed at any time.</summary>");
            writer.Line("public global::NetGen.Optimizer Optimizer { get; }");
            writer.Line();
            writer.Line("/// <summary>Norm of the gradients at the last update, before they were clipped by it; null before the first, and without <see cref=\"global::NetGen.TrainerOptions.ClipGradientNorm\"/>.</summary>");
            writer.Line("public float? GradientNorm => _state.GradientNorm;");
            writer.Line();
            writer.Line("/// <summary>The gradients of the last backward pass, by layer; an update clips them in place, where the options ask for it.</summary>");
            writer.Line("public Gradients Gradients { get; }");
            writer.Line();
            if (hasLoss)
            {
                writer.Line("/// <summary>The loss of each sample of the last step or backward pass, before their sum was divided by anything: summed over the sample's elements. Empty before the first.</summary>");
                writer.Line("public global::System.ReadOnlySpan<double> SampleLosses => new global::System.ReadOnlySpan<double>(_losses, 0, _sampleLosses);");
                writer.Line();
            }
            SessionEmitter.EmitExecution(writer, SessionEmitter.Schedule(plan, training: true));

            string inputDoc = $"/// <param name=\"input\">n samples of {Literals.Int(inputSize)} values, each {plan.Network.Input} in row-major order; n from 1 to <see cref=\"BatchSize\"/>.</param>";
            const string LengthException = "/// <exception cref=\"global::System.ArgumentException\">A length is wrong; nothing was changed.</exception>";
            string reduced = plan.Network.Spec.Loss?.Reduction switch { LossReduction.Mean => "mean", LossReduction.Sum => "summed", _ => "summed, by the number of samples," };
            foreach (LossTarget target in targets)
            {
                writer.Line("/// <summary>One step of training: forward, loss, backward, and the optimiser's update.</summary>");
                writer.Line(inputDoc);
                EmitTargetDocumentation(target);
                writer.Line($"/// <returns>The {reduced} loss of the batch, before the update.</returns>");
                writer.Line(LengthException);
                EmitOutputException();
                using (writer.UncheckedMethod($"public float Step(global::System.ReadOnlySpan<float> input, {TargetParameters(target)})"))
                {
                    SessionEmitter.EmitOwnership(writer);
                    writer.Line("int samples = global::NetGen.CompilerServices.Guard.Samples(input.Length, InputSize, BatchSize, \"input\");");
                    target.EmitCheck(writer, "samples");
                    EmitBatchCheck();
                    writer.Line("Begin(samples);");
                    writer.Line("Prepare(wantsInputGradient: false);");
                    using (writer.Block($"fixed (float* source = input) {FixedTargets(target)}fixed (double* losses = _losses)"))
                    {
                        writer.Line("_input = source;");
                        EmitTargetFields(target);
                        writer.Line("_inputGradient = null;");
                        EmitParts("ForwardPart", forwardBarriers);
                        writer.Line("_pool.Run(this, StepPhase);");
                        EmitParts("BackwardPart", backwardBarriers);
                    }
                    EmitOutputCheck();
                    writer.Line(weightGradients);
                    writer.Line("_hasForward = _hasGradients = true;");
                    writer.Line("ApplyUpdate();");
                    writer.Line("return BatchLoss();");
                }
                writer.Line();
            }

            writer.Line("/// <summary>Forward pass of training: dropout is active, and the activations are kept for a backward pass.</summary>");
            writer.Line(inputDoc);
            writer.Line($"/// <param name=\"output\">Receives n × {Literals.Int(outputSize)} values; may be empty.</param>");
            writer.Line(LengthException);
            using (writer.UncheckedMethod("public void Forward(global::System.ReadOnlySpan<float> input, global::System.Span<float> output)"))
            {
                SessionEmitter.EmitOwnership(writer);
                writer.Line("int samples = global::NetGen.CompilerServices.Guard.Samples(input.Length, InputSize, BatchSize, \"input\");");
                writer.Line("global::NetGen.CompilerServices.Guard.LengthOrEmpty(output.Length, samples, OutputSize, \"output\");");
                EmitBatchCheck();
                writer.Line("Begin(samples);");
                writer.Line("Prepare(wantsInputGradient: false);");
                using (writer.Block("fixed (float* source = input, target = output)"))
                {
                    writer.Line("_input = source;");
                    writer.Line("_output = target;");
                    EmitParts("ForwardPart", forwardBarriers);
                    writer.Line("_pool.Run(this, ForwardPhase);");
                }
                if (forwardBarriers > 0)
                {
                    writer.Line("// Running statistics have moved.");
                    writer.Line("_parameters.Touch();");
                }
                writer.Line("_hasForward = true;");
            }
            writer.Line();

            foreach (LossTarget target in targets)
            {
                writer.Line("/// <summary>Loss of the last forward pass, and the gradients of all parameters, which replace those of the pass before.</summary>");
                EmitTargetDocumentation(target);
                writer.Line($"/// <returns>The {reduced} loss of the batch.</returns>");
                writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">No forward pass came before.</exception>");
                writer.Line($"public float Backward({TargetParameters(target)}) => Backward({string.Join(", ", target.Parameters.Select(p => p.Name))}, default);");
                writer.Line();
                writer.Line("/// <summary>Loss of the last forward pass, and the gradients of all parameters and of the input.</summary>");
                EmitTargetDocumentation(target);
                writer.Line($"/// <param name=\"inputGradient\">Receives n × {Literals.Int(inputSize)} values; may be empty.</param>");
                writer.Line($"/// <returns>The {reduced} loss of the batch.</returns>");
                writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">No forward pass came before.</exception>");
                writer.Line(LengthException);
                EmitOutputException();
                using (writer.UncheckedMethod($"public float Backward({TargetParameters(target)}, global::System.Span<float> inputGradient)"))
                {
                    SessionEmitter.EmitOwnership(writer);
                    writer.Line("global::NetGen.CompilerServices.Guard.Order(_hasForward, \"Backward\", \"Forward\");");
                    target.EmitCheck(writer, "_samples");
                    writer.Line("global::NetGen.CompilerServices.Guard.LengthOrEmpty(inputGradient.Length, _samples, InputSize, \"inputGradient\");");
                    writer.Line("Prepare(wantsInputGradient: inputGradient.Length > 0);");
                    using (writer.Block($"{FixedTargets(target)}fixed (float* result = inputGradient) fixed (double* losses = _losses)"))
                    {
                        EmitTargetFields(target);
                        writer.Line("_inputGradient = result;");
                        writer.Line("_outputGradient = null;");
                        writer.Line("_pool.Run(this, BackwardPhase);");
                        EmitParts("BackwardPart", backwardBarriers);
                    }
                    EmitOutputCheck();
                    writer.Line(weightGradients);
                    writer.Line("_hasGradients = true;");
                    writer.Line("return BatchLoss();");
                }
                writer.Line();
            }

            writer.Line("/// <summary>Backward pass from a gradient of the caller's: for losses that are computed elsewhere.</summary>");
            writer.Line($"/// <param name=\"outputGradient\">n × {Literals.Int(outputSize)} values: the derivative of the loss with respect to the output of the last forward pass.</param>");
            writer.Line($"/// <param name=\"inputGradient\">Receives n × {Literals.Int(inputSize)} values; may be empty.</param>");
            writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">No forward pass came before.</exception>");
            writer.Line(LengthException);
            using (writer.UncheckedMethod("public void BackwardFromOutput(global::System.ReadOnlySpan<float> outputGradient, global::System.Span<float> inputGradient)"))
            {
                SessionEmitter.EmitOwnership(writer);
                writer.Line("global::NetGen.CompilerServices.Guard.Order(_hasForward, \"BackwardFromOutput\", \"Forward\");");
                writer.Line("global::NetGen.CompilerServices.Guard.Length(outputGradient.Length, _samples, OutputSize, \"outputGradient\");");
                writer.Line("global::NetGen.CompilerServices.Guard.LengthOrEmpty(inputGradient.Length, _samples, InputSize, \"inputGradient\");");
                writer.Line("Prepare(wantsInputGradient: inputGradient.Length > 0);");
                using (writer.Block("fixed (float* source = outputGradient, result = inputGradient)"))
                {
                    writer.Line("_outputGradient = source;");
                    writer.Line("_inputGradient = result;");
                    writer.Line("_pool.Run(this, BackwardPhase);");
                    EmitParts("BackwardPart", backwardBarriers);
                }
                writer.Line(weightGradients);
                writer.Line("_hasGradients = true;");
            }
            writer.Line();

            writer.Line("/// <summary>One step of the optimiser with the gradients of the last backward pass.</summary>");
            writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">No backward pass came before.</exception>");
            using (writer.Block("public void Update()"))
            {
                SessionEmitter.EmitOwnership(writer);
                writer.Line($"global::NetGen.CompilerServices.Guard.Order(_hasGradients, \"Update\", {(hasLoss ? "\"Backward\"" : "\"BackwardFromOutput\"")});");
                writer.Line("ApplyUpdate();");
            }
            writer.Line();

            writer.Line("/// <summary>Writes all that training goes on from to one safetensors file: parameters, what the optimiser remembers, learning rates, steps, the seed. At any moment the file is the old one or the complete new one.</summary>");
            writer.Line("/// <param name=\"path\">The file to write or replace.</param>");
            writer.Line("/// <param name=\"notes\">Texts to keep with it, such as the epoch and the state of a scheduler.</param>");
            writer.Line("/// <exception cref=\"global::System.IO.IOException\">The file cannot be written.</exception>");
            using (writer.Block("public void SaveCheckpoint(string path, global::System.Collections.Generic.IReadOnlyDictionary<string, string>? notes = null)"))
            {
                SessionEmitter.EmitOwnership(writer);
                writer.Line("_state.SaveCheckpoint(path, _seed, _step, notes);");
            }
            writer.Line();

            writer.Line("/// <summary>Goes on from a checkpoint of the same network with an optimiser of the same kind and the same groups: further steps give the bits that an uninterrupted training gives. On any error nothing is changed.</summary>");
            writer.Line("/// <param name=\"path\">The file to read.</param>");
            writer.Line("/// <returns>The notes that were saved with it.</returns>");
            writer.Line("/// <exception cref=\"global::NetGen.SafeTensorsException\">The file is damaged, no checkpoint, or of another network or optimiser.</exception>");
            writer.Line("/// <exception cref=\"global::System.IO.IOException\">The file cannot be read.</exception>");
            using (writer.Block("public global::System.Collections.Generic.IReadOnlyDictionary<string, string> LoadCheckpoint(string path)"))
            {
                SessionEmitter.EmitOwnership(writer);
                writer.Line("global::System.Collections.Generic.IReadOnlyDictionary<string, string> notes = _state.LoadCheckpoint(path, ref _seed, ref _step);");
                writer.Line("_hasForward = _hasGradients = false;");
                writer.Line("return notes;");
            }
            writer.Line();

            SessionEmitter.EmitDispose(writer, "Frees activations, gradients and the optimiser's state, and ends the threads", "_pool", "_state", "_arena", "_prepared", "_scratch", "_gradients");
            writer.Line();

            writer.Line("// A step of training begins: dropout draws anew.");
            using (writer.UncheckedMethod("private void Begin(int samples)"))
            {
                writer.Line("_hasForward = _hasGradients = false;");
                writer.Line("_samples = samples;");
                writer.Line("_step++;");
                List<ParameterInfo> counters = plan.Training.Graph.Nodes.Select(node => node.BatchCounter).OfType<ParameterInfo>().ToList();
                if (counters.Count > 0)
                    writer.Line("// Batches that the normalisations have seen.");
                foreach (ParameterInfo counter in counters)
                    writer.Line($"global::NetGen.CompilerServices.BatchNormalization.CountBatch({Literals.Plus("_parameters.Pointer", counter.Offset)});");
            }
            writer.Line();
            using (writer.Block("private void Prepare(bool wantsInputGradient)"))
            {
                writer.Line("_wantsInputGradient = wantsInputGradient;");
                writer.Line("_pool.Run(this, PreparePhase);");
            }
            writer.Line();
            writer.Line("// Clipping by norm needs the sum over all threads before the first of them updates.");
            using (writer.Block("private void ApplyUpdate()"))
            {
                writer.Line("_state.BeginStep();");
                writer.Line("if (_state.MeasuresGradients)");
                using (writer.Block())
                {
                    writer.Line("_pool.Run(this, GradientNormPhase);");
                    writer.Line("_state.SumGradients();");
                }
                writer.Line("_pool.Run(this, UpdatePhase);");
                writer.Line("_parameters.Touch();");
            }
            writer.Line();
            if (hasLoss)
            {
                writer.Line("// In the order of the samples, so that the sum does not depend on the threads.");
                using (writer.UncheckedMethod("private float BatchLoss()"))
                {
                    writer.Line("_sampleLosses = _samples;");
                    writer.Line("double sum = 0;");
                    writer.Line("for (int i = 0; i < _samples; i++)");
                    using (writer.Indent())
                        writer.Line("sum += _losses[i];");
                    writer.Line("return (float)(sum / _lossDivisor);");
                }
                writer.Line();
            }
            EmitExecute();

            void EmitParts(string what, int count)
            {
                if (count == 0)
                    return;
                writer.Line($"for (int part = 0; part < {what}s; part++)");
                using (writer.Indent())
                    writer.Line($"_pool.Run(this, First{what} + part);");
            }

            // Refuses a batch whose variance is nothing, before anything changes.
            void EmitBatchCheck()
            {
                if (NeedsSeveralSamples(plan) is { } node)
                    writer.Line($"global::NetGen.CompilerServices.Guard.BatchStatistics(samples, {Literals.String($"{node.Name}, {node.Title}")}, \"input\");");
            }

            string TargetParameters(LossTarget target) => string.Join(", ", target.Parameters.Select(p => $"global::System.ReadOnlySpan<{p.Type}> {p.Name}"));

            string FixedTargets(LossTarget target) => string.Concat(target.Parameters.Select(p => $"fixed ({p.Type}* {p.Pointer}Pointer = {p.Name}) "));

            void EmitTargetDocumentation(LossTarget target)
            {
                foreach (TargetParameter parameter in target.Parameters)
                    writer.Line($"/// <param name=\"{parameter.Name}\">{XmlText.Escape(parameter.Documentation)}</param>");
            }

            // Where the loss takes targets of several forms, those of the other form are null.
            void EmitTargetFields(LossTarget target)
            {
                foreach (TargetParameter pointer in targetPointers)
                    writer.Line($"{pointer.Field} = {(target.Parameters.Any(p => p.Type == pointer.Type) ? pointer.Pointer + "Pointer" : "null")};");
                writer.Line("_lossOfSample = losses;");
                writer.Line("_lossDivisor = divisor;");
                writer.Line("_sampleLosses = 0;");
            }

            void EmitOutputException()
            {
                if (requirement is not null)
                    writer.Line($"/// <exception cref=\"global::System.ArithmeticException\">{XmlText.Escape(requirement)} Parameters and optimiser are unchanged then.</exception>");
            }

            void EmitOutputCheck()
            {
                if (requirement is not null)
                    writer.Line($"global::NetGen.CompilerServices.Guard.OutputAllowed(_losses, _samples, {Literals.String(requirement)});");
            }

            void EmitExecute()
            {
                using (writer.UncheckedMethod("void global::NetGen.CompilerServices.IParallelWork.Execute(int phase, int worker, int workers)"))
                {
                    writer.Line("float* parameters = _parameters.Pointer, arena = _arena.Pointer, prepared = _prepared.Pointer;");
                    writer.Line("float* scratch = _scratch.Pointer + worker * (global::System.IntPtr)ScratchLength;");
                    SessionEmitter.EmitRange(writer, "_samples", plan.UsesSampleLanes ? "16" : "1");
                    writer.Line("int count = end - first;");
                    using (writer.Block("switch (phase)"))
                    {
                        Case("ForwardPhase", () =>
                        {
                            EmitForward(forward.BatchCalls.Count);
                            writer.Line("if (count > 0 && _output != null)");
                            using (writer.Block())
                                SessionEmitter.EmitDispatch(writer, plan, "StoreOutput", "arena, _capacity, _output + (long)first * OutputSize, first, count");
                        });
                        if (hasLoss)
                        {
                            Case("StepPhase", () =>
                            {
                                EmitForward(forward.BatchCalls.Count);
                                EmitLoss();
                                EmitBackward(0);
                            });
                        }
                        Case("BackwardPhase", () =>
                        {
                            if (hasLoss)
                            {
                                writer.Line("if (_outputGradient == null)");
                                using (writer.Block())
                                    EmitLoss();
                                writer.Line("else if (count > 0)");
                            }
                            else
                            {
                                writer.Line("if (count > 0)");
                            }
                            using (writer.Block())
                                SessionEmitter.EmitDispatch(writer, plan, "LoadOutputGradient", "arena, _capacity, _outputGradient + (long)first * OutputSize, first, count");
                            EmitBackward(0);
                        });
                        Case("WeightGradientPhase", () => SessionEmitter.EmitDispatch(writer, plan, "WeightGradients", "parameters, _gradients.Pointer, prepared, scratch, arena, _capacity, _samples, worker, workers" + (plan.GradientsMeet ? ", _pool" : "")));
                        Case("GradientNormPhase", () => writer.Line("_state.MeasureGradients(_gradients.Pointer, worker, workers);"));
                        Case("UpdatePhase", () => writer.Line("_state.Update(parameters, _gradients.Pointer, worker, workers);"));
                        Case("PreparePhase", () => SessionEmitter.EmitDispatch(writer, plan, "PrepareTraining", "parameters, prepared, _wantsInputGradient, worker, workers"));
                        if (forwardBarriers > 0)
                        {
                            writer.Line("default:");
                            using (writer.Block())
                            {
                                SessionEmitter.EmitDispatch(writer, plan, "TrainPart", "phase - FirstForwardPart, parameters, _gradients.Pointer, prepared, scratch, arena, _capacity, "
                                    + "_input + (long)first * InputSize, _inputGradient == null ? null : _inputGradient + (long)first * InputSize, _samples, first, count, _seed, _step, worker, workers");
                                writer.Line("break;");
                            }
                        }
                    }
                    writer.Line("// The kernels know pointers only: nothing may be finalised before they are done.");
                    writer.Line("global::System.GC.KeepAlive(this);");
                }

                void Case(string phase, Action body)
                {
                    writer.Line($"case {phase}:");
                    using (writer.Block())
                    {
                        body();
                        writer.Line("break;");
                    }
                }

                void EmitForward(int part)
                {
                    if (forward.Parts[part].Count == 0)
                        return;
                    writer.Line("if (count > 0)");
                    using (writer.Block())
                        SessionEmitter.EmitDispatch(writer, plan, forward.NameOf(part), "parameters, prepared, scratch, arena, _capacity, _input + (long)first * InputSize, first, count, _seed, _step");
                }

                void EmitLoss()
                {
                    for (int i = 0; i < targets.Count; i++)
                    {
                        string pointers = string.Concat(targets[i].Parameters.Select(p => p.PerSample == "1" ? $"{p.Field} + first, " : $"{p.Field} + (long)first * {p.PerSample}, "));
                        writer.Line(targets.Count == 1 ? "if (count > 0)" : $"if (count > 0 && {targets[i].Parameters[0].Field} != null)");
                        using (writer.Block())
                            SessionEmitter.EmitDispatch(writer, plan, targets[i].Driver, $"arena, _capacity, {pointers}_lossOfSample + first, (float)(1 / _lossDivisor), first, count");
                    }
                }

                void EmitBackward(int part)
                {
                    if (backward.Parts[part].Count == 0)
                        return;
                    writer.Line("if (count > 0)");
                    using (writer.Block())
                        SessionEmitter.EmitDispatch(writer, plan, backward.NameOf(part), "parameters, prepared, scratch, arena, _capacity, _inputGradient == null ? null : _inputGradient + (long)first * InputSize, first, count");
                }
            }
        }
        writer.Line();
    }

    /// <summary>The first normalisation that has no variance in a batch of one sample; null where there is none.</summary>
    private static Node? NeedsSeveralSamples(NetworkPlan plan) => plan.Training.Graph.ForwardNodes.FirstOrDefault(n => n.BatchValuesPerSample == 1);

    /// <summary>What a loop must know of a batch before the first step.</summary>
    private static void EmitBatchSizes(SourceWriter writer, NetworkPlan plan, IReadOnlyList<LossTarget> targets)
    {
        if (NeedsSeveralSamples(plan) is not null)
        {
            writer.Line("int global::NetGen.ITrainer.MinBatchSize => 2;");
            writer.Line();
        }
        foreach (TargetParameter target in targets.Where(t => t.Parameters.Count == 1).Select(t => t.Parameters[0]))
        {
            writer.Line($"int global::NetGen.ITrainer<{target.Type}>.TargetSize => {target.PerSample};");
            writer.Line();
        }
    }
}
