using System.Globalization;
using NetGen;
using NetGen.Checks;
#if SIMULATOR
using NetGen.Cuda;
using NetGen.Cuda.Simulator.Driver;
#endif

// device [--simulate] probe | check | time [NETWORK], on the first GPU or on the simulated one.
//   probe  each form of instruction that kernels use, on random bits, against the tests' interpreter
//   check  every network beside the processor: inference and training, in each precision; the default
//   time   the benchmark's networks, in each precision: a line of JSON each
bool simulates = args is ["--simulate", ..];
string[] words = simulates ? args[1..] : args;
string verb = words.Length > 0 ? words[0] : "check";
bool isKnown = (verb is "probe" or "check" && words.Length < 2) || (verb is "time" && words.Length < 3);
#if SIMULATOR
using var driver = simulates ? new SimulatedDriver(new DriverOptions { HasChecks = verb != "time" }) : null;
Device device = driver is null ? Device.Cuda() : Device.Of(new CudaPlatform(new CudaDriver(driver.GetExport)));
#else
isKnown &= !simulates;
Device device = Device.Cuda();
#endif
if (!isKnown)
{
    Console.Error.WriteLine("device [--simulate] probe | check | time [NETWORK]; compiled ahead of time it is for a real GPU only");
    return 2;
}
if (!simulates && Device.WhyNoCuda is { } reason)
{
    Console.Error.WriteLine(reason);
    return 1;
}
return verb switch
{
    "probe" => Probe(),
    "check" => Check(),
    _ => Time(words.Length > 1 ? words[1] : null),
};

int Probe()
{
    IReadOnlyList<string> faults = ProbeRun.Run(device, NetGen.Checks.Probe.All);
    foreach (string fault in faults)
        Console.WriteLine(fault);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{NetGen.Checks.Probe.All.Count - faults.Count} of {NetGen.Checks.Probe.All.Count} forms of instructions agree"));
    return faults.Count == 0 ? 0 : 1;
}

int Check()
{
    int failures = 0;
    foreach ((string name, Func<INetwork> create) in DeviceCheck.Networks)
    {
        foreach (Precision precision in Enum.GetValues<Precision>())
        {
            try
            {
                float worst = DeviceCheck.Run(create(), device, precision, 1, 3, 17);
                float ofLosses = DeviceCheck.Train(create, device, precision);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name,-12} {precision,-8} agrees to {worst:E1}, the losses of ten steps to {ofLosses:E1}"));
            }
            catch (Exception exception) when (exception is InvalidOperationException or CudaException)
            {
                failures++;
                Console.WriteLine($"{name,-12} {precision,-8} FAILS: {exception.Message}");
            }
        }
    }
    return failures == 0 ? 0 : 1;
}

int Time(string? only)
{
    (string Name, int Batch, Func<INetwork> Create)[] rows = [.. Timing.Rows.Where(row => only is null || row.Name == only)];
    if (rows.Length == 0)
    {
        Console.Error.WriteLine($"no network {only}: {string.Join(", ", Timing.Rows.Select(row => row.Name))}");
        return 2;
    }
    foreach ((string name, int batch, Func<INetwork> create) in rows)
    {
        foreach (Precision precision in Enum.GetValues<Precision>())
        {
            // The simulated GPU is a loop: it shows only that everything runs.
            Console.WriteLine(Timing.Measure(name, simulates ? 2 : batch, create, device, precision, simulates ? 0 : 0.2));
        }
    }
    return 0;
}
